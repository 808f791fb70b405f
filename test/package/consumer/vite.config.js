// A plain object: this project has no packages but gradwise. Preloading would ask for a document, which Node has not.
export default { build: { modulePreload: false }, ssr: { noExternal: true }, logLevel: "warn" };
