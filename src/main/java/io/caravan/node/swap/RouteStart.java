package io.caravan.node.swap;

import io.caravan.node.swap.RouteSwap.Text;
import io.caravan.store.RouteBook.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a role's routes. The program's own texts start at once. What somebody changed is checked as any change is; a file
 * that does not pass keeps nothing from starting: the version that ran last runs, else the program's own.
 */
final class RouteStart {

    private static final Logger LOG = LoggerFactory.getLogger(RouteStart.class);

    private final Deployer.Tools tools;
    private final Deployer deployer;
    private final Map<String, Version> ran = new HashMap<>();

    RouteStart(Deployer.Tools tools, Deployer deployer) {
        this.tools = tools;
        this.deployer = deployer;
    }

    /** @throws Exception when not even the program's own routes start */
    void run() throws Exception {
        tools.book().resume();
        tools.book().live().forEach(version -> ran.put(version.file(), version));
        deployer.ranBefore(ran);
        Map<String, RouteFile> found = tools.folder().read(tools.context());
        Map<String, RouteFile> changed = new LinkedHashMap<>();
        List<Text> own = new ArrayList<>();
        for (RouteFile file : found.values()) {
            if (tools.folder().shipped(file.name()).filter(file::equals).isPresent()) {
                own.add(new Text(file, OutlineReader.read(file)));
            } else {
                changed.put(file.name(), file);
            }
        }
        if (!found.containsKey(RouteFile.ERRORS)) {
            withoutConfigurations(own);
        }
        configurations(changed.remove(RouteFile.ERRORS), own);
        new RouteSwap(tools.context()).load(own);
        tools.context().start();
        own.forEach(text -> deployer.started(text, versionOf(text.file())));
        changed.values().removeIf(this::isTaken); // a file may need another one that comes after it
        changed.values().removeIf(this::isTaken);
        changed.values().forEach(this::fallBack);
        if (tools.folder().isEditable()) {
            ran.values().stream().filter(version -> !found.containsKey(version.file()) && !version.file().equals(RouteFile.ERRORS)).forEach(this::gone);
        }
    }

    /** All routes are built with them, so they come first; changed ones that do not pass are the program's own again. */
    private void configurations(@Nullable RouteFile changed, List<Text> own) {
        if (changed == null) {
            return;
        }
        try {
            own.forEach(text -> deployer.started(text, 0)); // for the rules: these name what it declares
            own.add(0, deployer.checked(changed));
        } catch (RouteRefusedException e) {
            note(changed, e);
            tools.folder().shipped(changed.name()).ifPresent(file -> own.add(0, new Text(file, OutlineReader.read(file))));
        }
    }

    /** Without them Camel would run every route as if failures were nothing. */
    private void withoutConfigurations(List<Text> own) {
        Version version = ran.get(RouteFile.ERRORS);
        RouteFile file = version != null ? new RouteFile(RouteFile.ERRORS, version.text()) : tools.folder().shipped(RouteFile.ERRORS).orElseThrow();
        note(new RouteFile(RouteFile.ERRORS, ""), new RouteRefusedException(RouteRefusedException.Reason.NO_ERROR_CONFIGURATION,
                RouteFile.ERRORS, 0, "the file is gone, and all routes need it: its last text runs"));
        own.add(0, new Text(file, OutlineReader.read(file)));
    }

    /** The version that a text ran as; 0 for a text that did not. */
    private int versionOf(RouteFile file) {
        Version version = ran.get(file.name());
        return version != null && version.hash().equals(file.hash()) ? version.version() : 0;
    }

    private boolean isTaken(RouteFile file) {
        try {
            int version = versionOf(file);
            if (version > 0) {
                deployer.adopt(file, version);
            } else {
                deployer.take(file, who(file.name()), false);
            }
            return true;
        } catch (RouteRefusedException e) {
            return false;
        }
    }

    private void fallBack(RouteFile file) {
        try {
            deployer.take(file, who(file.name()), true);
            return;
        } catch (RouteRefusedException e) {
            note(file, e);
        }
        Version version = ran.get(file.name());
        boolean runs = version != null && !version.text().equals(file.text()) && isAdopted(new RouteFile(file.name(), version.text()), version.version());
        Optional<RouteFile> shipped = tools.folder().shipped(file.name());
        if (!runs && !(shipped.isPresent() && isAdopted(shipped.get(), versionOf(shipped.get())))) {
            LOG.error("nothing of {} runs: no version of it that ran here does any more", file.name());
        }
    }

    private boolean isAdopted(RouteFile file, int version) {
        try {
            deployer.adopt(file, version);
            LOG.warn("{} runs as it did before", file.name());
            return true;
        } catch (RouteRefusedException e) {
            LOG.warn("an earlier text of {} does not run either: {}", file.name(), e.getMessage());
            return false;
        }
    }

    private void gone(Version version) {
        if (!tools.folder().isOurs(version.file())) {
            return;
        }
        try {
            deployer.noteGone(version, "somebody, while the node was down");
        } catch (RouteRefusedException e) {
            note(new RouteFile(version.file(), ""), e);
            isAdopted(new RouteFile(version.file(), version.text()), version.version());
        }
    }

    private void note(RouteFile file, RouteRefusedException why) {
        LOG.warn("{} is not taken: {}", file.name(), why.getMessage());
        deployer.refused(file, why);
    }

    private String who(String name) {
        return tools.folder().owner(name) + " (the file, before the start)";
    }
}
