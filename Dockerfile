# syntax=docker/dockerfile:1
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN make build version="$VERSION" && mkdir -p /system/tmp && chmod 1777 /system/tmp

# The program is static and carries its own time zones; of a system it needs
# only the certificates by which it knows Telegram, and a place for files on
# their way to a bucket.
FROM scratch
COPY --from=build /system/ /
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/bin/umkmbot /umkmbot
COPY NOTICE /NOTICE
USER 65532:65532
ENV LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s CMD ["/umkmbot", "health"]
ENTRYPOINT ["/umkmbot"]
CMD ["serve"]
