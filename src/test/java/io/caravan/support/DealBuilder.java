package io.caravan.support;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import io.caravan.model.Signature;
import io.caravan.model.SignatureType;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** A deal to test with: {@code aDeal("a").in(VALIDATING).build()}. Deals of different names have different CIDs. */
public final class DealBuilder {

    private final String name;
    private Role role = Role.PROVIDER;
    private DealState state = DealState.UNKNOWN;
    private Instant at = Instant.parse("2026-01-01T00:00:00Z");

    private DealBuilder(String name) {
        this.name = name;
    }

    public static DealBuilder aDeal(String name) {
        return new DealBuilder(name);
    }

    public DealBuilder as(Role side) {
        role = side;
        return this;
    }

    public DealBuilder in(DealState start) {
        state = start;
        return this;
    }

    public DealBuilder at(Instant moment) {
        at = moment;
        return this;
    }

    public Deal build() {
        byte[] seed = name.getBytes(StandardCharsets.UTF_8);
        Cid root = Cid.rawSha256(seed);
        byte[] commitment = new byte[32];
        System.arraycopy(seed, 0, commitment, 0, Math.min(seed.length, 31));
        var terms = new DealProposal(Cid.commP(commitment), PaddedPieceSize.of(2048), false, FilAddress.ofId(1001),
                FilAddress.ofId(1000), DealLabel.ofText(root.toString()), Epoch.of(1000), Epoch.of(600_000),
                TokenAmount.ofAtto(500), TokenAmount.ofFil(1), TokenAmount.ZERO);
        var proposal = new SignedProposal(terms, new Signature(SignatureType.SECP256K1, Bytes.wrap(new byte[65])));
        Deal fresh = Deal.fresh(proposal.proposalCid(), role, proposal, DataRef.graphsync(root), false,
                "12D3KooWpeer", at);
        return new Deal(fresh.proposalCid(), role, state, 0, 0, proposal, fresh.dataRef(), false, fresh.peer(),
                fresh.transfer(), fresh.files(), fresh.funds(), fresh.chain(), fresh.remote(), null, fresh.turn(),
                fresh.waiting(), at, at, at);
    }
}
