package io.caravan.node.api;

import io.caravan.rpc.Permission;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which methods of a full node the daemon hands on to the chain node, and with which right: what the daemon would serve
 * itself is never handed on, what changes the chain node needs more than read (lotus api tags, chain-and-rpc §2.4).
 */
final class ForwardedMethods {
    private static final String PREFIX = "Filecoin.";
    private static final List<String> OURS =
            List.of("Client", "Net", "Auth", "Wallet", "Log", "ID", "Shutdown", "Session", "Closing", "Deals",
                    "Pieces");
    private static final List<String> READS =
            List.of("Chain", "State", "Gas", "Beacon", "Eth", "Mpool", "Sync", "MsigGet", "F3", "Node", "Market",
                    "GetActorEvents", "SubscribeActorEvents", "Filecoin", "Web3");
    private static final Set<String> SIGNS = Set.of("MpoolPushMessage", "MpoolBatchPushMessage", "MarketAddBalance",
            "MarketWithdraw", "MarketReserveFunds", "MarketReleaseFunds", "MarketGetReserved", "EthSendRawTransaction");
    private static final Set<String> WRITES = Set.of("MpoolPush", "MpoolPushUntrusted", "MpoolBatchPush",
            "MpoolBatchPushUntrusted", "MpoolClear", "SyncSubmitBlock", "SyncUnmarkBad");
    private static final Set<String> ADMINS = Set.of("ChainSetHead", "ChainDeleteObj", "ChainPrune", "ChainHotGC",
            "ChainCheckBlockstore", "ChainBlockstoreInfo", "MpoolSetConfig", "SyncCheckpoint", "SyncMarkBad",
            "SyncUnmarkAllBad", "EthTraceFilter");
    private static final Set<String> CHANNELS = Set.of("ChainNotify", "MpoolSub", "SubscribeActorEventsRaw",
            "SyncIncomingBlocks", "ChainExport");
    private static final Set<String> WAITING = Set.of("StateWaitMsg", "StateWaitMsgLimited", "StateGetBeaconEntry");

    private ForwardedMethods() {}

    /** The right a method needs; empty if it is none that is handed on. */
    static Optional<Permission> permission(String name) {
        if (!name.startsWith(PREFIX) || OURS.stream().anyMatch(own -> shortName(name).startsWith(own))) {
            return Optional.empty();
        }
        String method = shortName(name);
        boolean isMultisigAct = method.startsWith("Msig") && !method.startsWith("MsigGet");
        if (SIGNS.contains(method) || isMultisigAct || method.startsWith("Paych")) {
            return Optional.of(Permission.SIGN);
        }
        if (WRITES.contains(method)) {
            return Optional.of(Permission.WRITE);
        }
        boolean isRead = READS.stream().anyMatch(method::startsWith) && !ADMINS.contains(method);
        return Optional.of(isRead ? Permission.READ : Permission.ADMIN);
    }

    /** Whether it answers with a channel. */
    static boolean isChannel(String name) {
        return CHANNELS.contains(shortName(name));
    }

    /** How long its answer may take. */
    static Duration timeout(String name) {
        return WAITING.contains(shortName(name)) ? Duration.ofHours(2) : Duration.ofMinutes(1);
    }

    private static String shortName(String name) {
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }
}
