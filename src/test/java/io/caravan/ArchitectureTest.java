package io.caravan;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.caravan.node.config.Live;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of docs/architecture.md about packages, names and sizes, checked against the compiled program. */
class ArchitectureTest {

    /** What each package may import of ours; the order is from the bottom up. */
    private static final Map<String, List<String>> MAY_IMPORT = new LinkedHashMap<>();

    static {
        MAY_IMPORT.put("codec", List.of());
        MAY_IMPORT.put("time", List.of());
        MAY_IMPORT.put("model", List.of("codec"));
        MAY_IMPORT.put("crypto", List.of("codec", "model"));
        MAY_IMPORT.put("piece", List.of("codec", "model", "crypto"));
        MAY_IMPORT.put("proofs", List.of("codec", "model", "crypto", "piece"));
        MAY_IMPORT.put("libp2p", List.of("codec", "crypto"));
        MAY_IMPORT.put("rpc", List.of("codec"));
        MAY_IMPORT.put("store", List.of("time", "codec", "model"));
        MAY_IMPORT.put("market", List.of("time", "libp2p", "piece", "crypto", "model", "codec"));
        MAY_IMPORT.put("chain", List.of("rpc", "store", "crypto", "model", "codec"));
        MAY_IMPORT.put("deal", List.of("market", "libp2p", "chain", "store", "piece", "crypto", "model", "codec"));
        MAY_IMPORT.put("sealing", List.of("chain", "store", "proofs", "piece", "crypto", "model", "codec"));
        MAY_IMPORT.put("devnet", List.of("chain", "rpc", "store", "proofs", "crypto", "model", "codec"));
        MAY_IMPORT.put("camel", List.of("time", "store", "libp2p", "market", "rpc", "model", "codec"));
    }

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.caravan");
    private static final JavaClasses WITH_TESTS = new ClassFileImporter().importPackages("io.caravan");

    private static final ArchRule NO_CYCLES = slices().matching("io.caravan.(*)..").should().beFreeOfCycles();
    private static final ArchRule CAMEL_STAYS_HOME = home("org.apache.camel..", "camel", "node");
    private static final ArchRule JDBC_STAYS_HOME =
            home(List.of("java.sql..", "javax.sql..", "com.zaxxer..", "org.postgresql..", "org.springframework.."),
                    "store", "devnet", "node");
    private static final ArchRule NETTY_STAYS_HOME = home("io.netty..", "libp2p", "rpc", "camel");
    private static final ArchRule TIME_COMES_IN = noClasses().that().resideOutsideOfPackage("io.caravan.node..")
            .should().callMethod(Instant.class, "now").orShould().callMethod(System.class, "currentTimeMillis")
            .orShould().callMethod(Clock.class, "systemUTC");
    private static final ArchRule NO_JAVA_SERIALIZATION =
            noClasses().should().dependOnClassesThat().areAssignableTo(java.io.ObjectInputStream.class);
    private static final ArchRule EXCEPTIONS_SAY_SO =
            classes().that().areAssignableTo(Exception.class).should().haveSimpleNameEndingWith("Exception");
    private static final ArchRule NO_NAMES_WITHOUT_MEANING = noClasses()
            .should().haveNameMatching(".*(Impl|Manager|Helper|Util|Utils)(\\$.*)?");
    private static final ArchRule MODEL_IS_VALUES = classes().that().resideInAPackage("io.caravan.model..")
            .and().areNotInterfaces().and().areTopLevelClasses().and().areNotAssignableTo(Exception.class)
            .should().haveModifier(JavaModifier.FINAL);
    private static final ArchRule MODEL_NEVER_CHANGES = com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields()
            .that().areDeclaredInClassesThat(resideInAnyPackage("io.caravan.model.."))
            .and().areDeclaredInClassesThat().arePublic().should().beFinal();
    private static final ArchRule PHASES_ONLY_NAME_PEERS = noClasses().that().resideInAPackage("io.caravan.deal..")
            .should().dependOnClassesThat(resideInAPackage("io.caravan.libp2p..")
                    .and(not(simpleName("PeerId").or(simpleName("Multiaddr")).or(simpleNameEndingWith("Exception")))));
    /** Whoever is given a value that may change asks for it at each use: who asks while it is made keeps what was. */
    private static final ArchRule NOBODY_KEEPS_WHAT_MAY_CHANGE = noClasses().should().callMethodWhere(
            DescribedPredicate.describe("a Live or a Supplier is asked while its user is made", call ->
                    !call.isDeclaredInLambda() && call.getName().startsWith("get") && isAskedTooEarly(call)));
    private static final ArchRule NOBODY_SLEEPS = noClasses().should().callMethod(Thread.class, "sleep", long.class)
            .orShould().callMethod(Thread.class, "sleep", java.time.Duration.class);

    /** A candidate in shadow keeps the settings that it began with; a screen's width is asked again by itself. */
    private static final Set<String> KEEPERS = Set.of("Candidate", "LiveView");

    private static boolean isAskedTooEarly(JavaMethodCall call) {
        boolean isLive = call.getTargetOwner().isEquivalentTo(Live.class);
        boolean isSupplied = Set.of(Supplier.class.getName(), LongSupplier.class.getName(), IntSupplier.class.getName(), BooleanSupplier.class.getName())
                .contains(call.getTargetOwner().getName());
        return isLive || isSupplied && call.getOrigin().isConstructor() && !KEEPERS.contains(call.getOriginOwner().getSimpleName());
    }

    @TestFactory
    Stream<DynamicTest> importsOnlyGoDown() {
        return MAY_IMPORT.entrySet().stream().map(entry -> dynamicTest(entry.getKey(), () -> {
            String[] forbidden = Stream.concat(MAY_IMPORT.keySet().stream(), Stream.of("node"))
                    .filter(other -> !other.equals(entry.getKey()) && !entry.getValue().contains(other))
                    .map(other -> "io.caravan." + other + "..").toArray(String[]::new);
            noClasses().that().resideInAPackage("io.caravan." + entry.getKey() + "..")
                    .should().dependOnClassesThat().resideInAnyPackage(forbidden).check(OURS);
        }));
    }

    @TestFactory
    Stream<DynamicTest> rules() {
        return Arrays.stream(ArchitectureTest.class.getDeclaredFields()).filter(f -> f.getType() == ArchRule.class)
                .map(f -> dynamicTest(f.getName(), () -> ((ArchRule) f.get(null)).check(OURS)));
    }

    @Test
    void testsDoNotSleepEither() {
        NOBODY_SLEEPS.check(WITH_TESTS);
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        assertThat(packages()).allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).content()
                .contains("/**").contains("NullMarked"));
    }

    @Test
    void noFileIsLongerThanFourHundredLines() throws IOException {
        assertThat(sources().filter(file -> lines(file) > 400).toList()).isEmpty();
    }

    @Test
    void nothingIsLeftOpen() throws IOException {
        assertThat(sources().filter(file -> text(file).matches("(?s).*\\b(TODO|FIXME|XXX)\\b.*")).toList()).isEmpty();
    }

    private static ArchRule home(String library, String... packages) {
        return home(List.of(library), packages);
    }

    private static ArchRule home(List<String> libraries, String... packages) {
        String[] homes = Arrays.stream(packages).map(name -> "io.caravan." + name + "..").toArray(String[]::new);
        return noClasses().that().resideOutsideOfPackages(homes)
                .should().dependOnClassesThat().resideInAnyPackage(libraries.toArray(String[]::new));
    }

    private static List<Path> packages() throws IOException {
        return sources().map(Path::getParent).distinct().toList();
    }

    private static Stream<Path> sources() throws IOException {
        return Files.walk(Path.of("src/main/java")).filter(file -> file.toString().endsWith(".java"));
    }

    private static long lines(Path file) {
        return text(file).lines().count();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
