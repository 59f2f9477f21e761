package io.caravan.sealing;

import io.caravan.codec.Bytes;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import io.caravan.model.WaitsOn;
import io.caravan.proofs.DevnetPostProof;
import io.caravan.proofs.PoRep;
import io.caravan.proofs.PostProof;
import io.caravan.proofs.PostProver;
import io.caravan.proofs.PostStatement;
import io.caravan.proofs.SectorPaths;
import io.caravan.proofs.WrongFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Window proofs in their declared devnet form: every challenged leaf with its path. */
public final class VanillaWindows implements WindowProver {

    private final SectorFiles files;

    public VanillaWindows(SectorFiles files) {
        this.files = files;
    }

    @Override
    public Result prove(List<Sector> sectors, Bytes randomness) {
        List<PostProof.Sector> proven = new ArrayList<>();
        Map<SectorNumber, String> damaged = new LinkedHashMap<>();
        for (Sector sector : sectors) {
            try {
                proven.add(prove(sector, randomness));
            } catch (WrongFileException e) {
                damaged.put(sector.number(), String.valueOf(e.getMessage()));
            } catch (IOException e) {
                throw new RetryableException(WaitsOn.NODE, "cannot read the replica of sector " + sector.number() + ": " + e, e);
            }
        }
        Bytes proof = proven.isEmpty() ? Bytes.EMPTY
                : DevnetPostProof.encode(PoRep.ofNumber(sectors.get(0).sealProof()), new PostProof(proven));
        return new Result(proof, damaged);
    }

    private PostProof.Sector prove(Sector sector, Bytes randomness) throws IOException {
        SectorRef ref = SectorRef.of(sector);
        SectorPaths paths = new SectorPaths(files.unsealed(ref), files.sealed(ref), files.cache(ref));
        return PostProver.prove(PoRep.ofNumber(sector.sealProof()), randomness,
                new PostStatement.Sector(sector.number().value(), Known.of(sector.commR(), sector, "CommR")), paths);
    }
}
