# docker build -t caravan .      docker run -v caravan:/home/caravan/data -p 127.0.0.1:2345:2345 caravan miner
# A sealed keystore's passphrase comes as a file: --secret or a mounted one, named by CARAVAN_KEYSTORE_PASSPHRASE_FILE.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY pom.xml ./
RUN mvn -B -q dependency:go-offline
COPY . .
RUN mvn -B -q -Dmaven.test.skip=true package && touch target/.built

FROM eclipse-temurin:17-jdk
RUN apt-get update && apt-get install -y --no-install-recommends curl locales tini && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 caravan && install -d -o caravan -g caravan -m 0700 /home/caravan/data
COPY --from=build --chown=caravan:caravan /src/caravan /src/pom.xml /opt/caravan/
COPY --from=build --chown=caravan:caravan /src/config /opt/caravan/config
COPY --from=build --chown=caravan:caravan /src/routes /opt/caravan/routes
COPY --from=build --chown=caravan:caravan /src/sql /opt/caravan/sql
COPY --from=build --chown=caravan:caravan /src/src/main /opt/caravan/src/main
COPY --from=build --chown=caravan:caravan /src/target/lib /opt/caravan/target/lib
COPY --from=build --chown=caravan:caravan /src/target/*.jar /src/target/.built /opt/caravan/target/
USER caravan
ENV CARAVAN_HOME=/home/caravan/data
# What a start loads is learnt here, so that no container learns it. PostgreSQL runs inside, as this user, unless CARAVAN_DB_URL names one.
RUN touch /opt/caravan/target/.built && /opt/caravan/caravan learn
VOLUME /home/caravan/data
EXPOSE 1234 2345 24001
HEALTHCHECK --interval=15s --timeout=3s --start-period=60s --retries=4 \
  CMD curl -fsk -o /dev/null http://127.0.0.1:2345/observe/health/live || curl -fsk -o /dev/null http://127.0.0.1:1234/observe/health/live || exit 1
ENTRYPOINT ["/usr/bin/tini", "--", "/opt/caravan/caravan"]
CMD ["up"]
