# docker build -t facet .
# One image for every role: the command is `all`, `service` or `gateway`.

FROM node:20-bookworm-slim AS build
WORKDIR /facet
COPY package.json package-lock.json .npmrc tsconfig.json ./
COPY scripts ./scripts
RUN node --input-type=module -e "import { install } from './scripts/install.mjs'; await install()"
COPY proto ./proto
COPY src ./src
COPY gateway ./gateway
COPY bench ./bench
COPY test ./test
RUN node scripts/build.mjs

FROM node:20-bookworm-slim AS libraries
WORKDIR /facet
COPY package.json package-lock.json .npmrc ./
# The checker of regular expressions works without its Java and native engines, half of all that is installed.
RUN npm ci --omit=dev && rm -rf node_modules/recheck-jar node_modules/recheck-linux-x64

FROM node:20-bookworm-slim
WORKDIR /facet
ENV NODE_ENV=production FACET_DATA_DIR=/data
COPY --from=libraries /facet/node_modules ./node_modules
COPY --from=build /facet/dist/src ./dist/src
COPY --from=build /facet/dist/gateway ./dist/gateway
COPY package.json ./
COPY bin ./bin
COPY scripts ./scripts
COPY proto/image.binpb proto/contracts.json ./proto/
# The code belongs to root, so that the process cannot change it; /data is for the embedded store alone.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 50051 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=10s CMD ["node", "bin/facet.mjs", "health"]
ENTRYPOINT ["node", "scripts/start.mjs"]
CMD ["all"]
