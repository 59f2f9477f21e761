package io.caravan.devnet;

import io.caravan.chain.DevnetProof;
import io.caravan.chain.NetworkParams;
import io.caravan.codec.Bytes;
import io.caravan.proofs.DevnetPostProof;
import io.caravan.proofs.DevnetSealProof;
import io.caravan.proofs.PoRep;
import io.caravan.proofs.PostStatement;
import io.caravan.proofs.SealStatement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Checks every part of a vanilla proof: paths, columns, labels, encoding and commitments. The last answers are remembered,
 * because one message is run several times: for its gas, then in its block, and again when a block is made anew.
 */
final class VanillaChecks {

    private static final int REMEMBERED = 64;

    private final Map<Object, Optional<String>> known = new LinkedHashMap<>();

    private VanillaChecks() {
    }

    static ProofChecks make() {
        VanillaChecks checks = new VanillaChecks();
        return new ProofChecks(NetworkParams.VANILLA_PROOFS, checks::seal, checks::post);
    }

    private record Question(Object inputs, Bytes proof) {
    }

    private Optional<String> seal(Bytes proof, DevnetProof.Inputs in) {
        return remembered(in, proof, () -> {
            PoRep kind = PoRep.ofNumber(in.sealProof());
            return DevnetSealProof.flaw(new SealStatement(kind, in.miner(), in.sector().value(), in.unsealed(), in.sealed(),
                    in.ticket(), in.seed()), proof);
        });
    }

    private Optional<String> post(Bytes proof, PostCheck.Inputs in) {
        return remembered(in, proof, () -> {
            PoRep kind = PoRep.ofNumber(SealProofs.sealOfWindowPost(in.windowPostProof()));
            return DevnetPostProof.flaw(new PostStatement(kind, in.randomness(), in.sectors().stream()
                    .map(sector -> new PostStatement.Sector(sector.number(), sector.sealed())).toList()), proof);
        });
    }

    private Optional<String> remembered(Object inputs, Bytes proof, Supplier<Optional<String>> check) {
        Question question = new Question(inputs, proof);
        synchronized (known) {
            Optional<String> answer = known.get(question);
            if (answer != null) {
                return answer;
            }
        }
        Optional<String> answer;
        try {
            answer = check.get();
        } catch (IllegalArgumentException e) { // a sector size whose proofs cannot be checked here
            answer = Optional.of(String.valueOf(e.getMessage()));
        }
        synchronized (known) {
            known.put(question, answer);
            if (known.size() > REMEMBERED) {
                known.remove(known.keySet().iterator().next());
            }
        }
        return answer;
    }
}
