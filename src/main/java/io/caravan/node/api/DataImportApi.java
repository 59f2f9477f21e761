package io.caravan.node.api;

import io.caravan.deal.DataImport;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** MarketImportDealData and its newer name DealsImportData: {@code [proposalCid, "/abs/data.car"]}, answer null. */
public final class DataImportApi {

    private final DataImport imports;

    public DataImportApi(DataImport imports) {
        this.imports = imports;
    }

    public void register(MethodTable methods) {
        methods.register("Filecoin.MarketImportDealData", RpcMethod.of(Permission.WRITE, 2, this::bring));
        methods.register("Filecoin.DealsImportData", RpcMethod.of(Permission.ADMIN, 2, this::bring));
    }

    /** Answers when the copy is whole and the deal goes on. */
    private @Nullable Object bring(Params params, CallContext context) throws IOException {
        imports.bring(params.cid(0, "proposal CID"), ImportApi.path(params, 1, "data file", params.node(1)));
        return null;
    }
}
