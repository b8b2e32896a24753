# Of the server's major version; compose.yml has the same.
ARG POSTGRES=17.11-bookworm

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
# The cache makes the next version a matter of seconds.
RUN --mount=type=cache,target=/gocache GOCACHE=/gocache make build version="$VERSION" && mkdir -p /system/tmp && chmod 1777 /system/tmp

# Makes backups and puts them back; it is built when asked for (--target backup).
FROM postgres:${POSTGRES} AS backup
RUN apt-get update && apt-get install -y --no-install-recommends age && rm -rf /var/lib/apt/lists/*
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/bin/umkmbot /usr/local/bin/umkmbot
COPY --chmod=0755 deploy/backup.sh deploy/restore.sh /usr/local/bin/
USER 65532:65532
ENTRYPOINT []
CMD ["backup.sh"]

# The program is static and carries its own time zones; of a system it needs
# only the certificates by which it knows Telegram, and a place for files on
# their way to a bucket.
FROM scratch
COPY --from=build /system/ /
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/bin/umkmbot /umkmbot
COPY NOTICE /NOTICE
USER 65532:65532
# Without it Docker takes a HUP, too, for a wish that the program end.
STOPSIGNAL SIGTERM
ENV LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s CMD ["/umkmbot", "health"]
ENTRYPOINT ["/umkmbot"]
CMD ["serve"]
