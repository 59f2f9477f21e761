package io.caravan.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium of this machine with a profile of its own, thrown away at the end. It reaches this machine only: a page
 * that asks for anything else sees it fail. Nothing is ever downloaded; where Chromium or its driver is absent the test is
 * skipped with the reason.
 *
 * <p>Every finder waits until what it looks for is there, at most {@link #LIMIT}.
 */
public final class Browser implements AutoCloseable {

    /** How long a page may take to show what it is asked for. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Logger NOISE = Logger.getLogger("org.openqa.selenium");
    private static final List<String> FLAGS = List.of("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--disable-extensions", "--no-default-browser-check", "--hide-scrollbars",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost", "--lang=en-US");

    private final Path profile;
    private final ChromeDriver driver;
    private final List<String> errors = new ArrayList<>();

    private Browser(Path profile, ChromeDriver driver) {
        this.profile = profile;
        this.driver = driver;
    }

    /** Starts one with a window of 1280 × 800; skips the test where this machine has none. */
    public static Browser open() {
        Path chromium = required("Chromium", "chromium", "chromium-browser", "google-chrome");
        Path chromedriver = required("Chromium's driver", "chromedriver");
        NOISE.setLevel(Level.SEVERE);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(FLAGS);
        LoggingPreferences log = new LoggingPreferences();
        log.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, log);
        try {
            Path profile = Files.createTempDirectory("caravan-browser");
            options.addArguments("--user-data-dir=" + profile);
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(chromedriver.toFile()).usingAnyFreePort().build();
            ChromeDriver driver = new ChromeDriver(service, options);
            driver.manage().timeouts().pageLoadTimeout(LIMIT).scriptTimeout(LIMIT);
            return new Browser(profile, driver).size(1280, 800);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page's own size in CSS pixels, without the window's frame. */
    public Browser size(int width, int height) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        return this;
    }

    /** What the person's system is set to. */
    public Browser dark(boolean isDark) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features",
                List.of(Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light"))));
        return this;
    }

    public Browser go(URI page) {
        driver.get(page.toString());
        return this;
    }

    /** Where it is now. */
    public URI at() {
        return URI.create(driver.getCurrentUrl());
    }

    /** The first element that matches and can be seen. */
    public WebElement find(String css) {
        return found(By.cssSelector(css), css);
    }

    /** The first visible element whose own text, trimmed, is exactly that. */
    public WebElement findText(String text) {
        return found(By.xpath("//*[normalize-space(text())=" + quoted(text) + "]"), "the text \"" + text + "\"");
    }

    /** What matches now, without waiting. */
    public List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Clicks the first that matches; again if the page exchanged it meanwhile. */
    public Browser click(String css) {
        clicked(() -> find(css).click(), css);
        return this;
    }

    public Browser clickText(String text) {
        clicked(() -> findText(text).click(), text);
        return this;
    }

    /** Empties a field and types into it. */
    public Browser type(String css, String text) {
        WebElement field = find(css);
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        field.sendKeys(text);
        return this;
    }

    /** Keys to whatever has the focus, such as {@link Keys#TAB}. */
    public Browser press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
        return this;
    }

    /** All text a person sees. */
    public String text() {
        Object text = script("return document.body ? document.body.innerText : ''");
        return text == null ? "" : text.toString();
    }

    /** Runs JavaScript in the page and gives what it returns. */
    public Object script(String source, Object... arguments) {
        return driver.executeScript(source, arguments);
    }

    /** Waits until the page shows it; fails with the sentence and what the page shows instead. */
    public Browser until(String what, Predicate<Browser> condition) {
        return until(what, LIMIT, condition);
    }

    public Browser until(String what, Duration limit, Predicate<Browser> condition) {
        Await.until(() -> what + "; the page at " + at() + " shows:\n" + text() + "\nconsole: " + consoleErrors(), limit, () -> {
            try {
                return condition.test(this);
            } catch (StaleElementReferenceException e) {
                return false; // drawn anew between two looks
            }
        });
        return this;
    }

    /** A picture of the page as it is now, as PNG; makes the folder. */
    public Path screenshot(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything the pages wrote to the console as an error since the start: scripts that failed, requests refused. */
    public List<String> consoleErrors() {
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
                errors.add(entry.getMessage());
            }
        }
        return List.copyOf(errors);
    }

    /** The driver itself, for what has no word here. */
    public ChromeDriver driver() {
        return driver;
    }

    @Override
    public void close() {
        driver.quit();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException e) {
            profile.toFile().deleteOnExit(); // Chromium's last process may still be writing
        }
    }

    private WebElement found(By by, String what) {
        WebElement[] found = new WebElement[1];
        until("there is " + what, browser -> {
            found[0] = driver.findElements(by).stream().filter(WebElement::isDisplayed).findFirst().orElse(null);
            return found[0] != null;
        });
        return found[0];
    }

    private void clicked(Runnable click, String what) {
        until(what + " can be clicked", browser -> {
            try {
                click.run();
                return true;
            } catch (org.openqa.selenium.ElementNotInteractableException e) {
                return false; // something is still in front of it
            }
        });
    }

    private static String quoted(String text) {
        return text.indexOf('\'') < 0 ? "'" + text + "'" : "\"" + text + "\"";
    }

    private static Path required(String what, String... names) {
        Optional<Path> found = Stream.of(names).flatMap(name -> Stream.concat(Stream.of("/usr/bin"),
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)))
                .filter(folder -> !folder.isBlank()).map(folder -> Path.of(folder, name))).filter(Files::isExecutable).findFirst();
        if (found.isEmpty()) {
            String reason = what + " is not installed, so no page is looked at; on Debian: apt-get install chromium chromium-driver";
            System.out.println("[skipped] " + reason);
            assumeTrue(false, reason);
        }
        return found.orElseThrow();
    }
}
