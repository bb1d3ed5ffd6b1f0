# Opomena in one image: every stage, every command. Node is the one of package-lock.json, as everywhere else.
FROM node:24.11.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund \
 # The encoder's runtime comes with the libraries of every platform; this image is Linux.
 && rm -rf node_modules/onnxruntime-node/bin/napi-v*/darwin node_modules/onnxruntime-node/bin/napi-v*/win32 \
 && npm cache clean --force

FROM debian:12.12-slim
ENV NODE_ENV=production \
    PATH=/app/node_modules/.bin:$PATH \
    OPOMENA_DATA_DIR=/data
# Its own user, who can write nowhere but in the data directory.
RUN groupadd --gid 1000 opomena \
 && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin opomena \
 && install -d -o opomena -g opomena -m 0700 /data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY . .
USER 1000:1000
VOLUME /data
EXPOSE 8585
ENTRYPOINT ["node", "/app/cli/opomena.ts"]
CMD ["start"]
