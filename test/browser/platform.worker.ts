import * as platform from "../../src/platform/browser.ts";

/** What the platform's door does where there is no document. */
async function tried(): Promise<unknown> {
  const write = await platform.writeFileAtomic("net.safetensors", Uint8Array.of(1)).catch(String);
  const text = new TextDecoder().decode(await platform.readFile("/files/package.json"));
  let turned = false;
  setTimeout(() => {
    turned = true;
  });
  for (const end = platform.now() + 6; platform.now() < end; );
  await platform.nextTurn();
  return { write, read: JSON.parse(text).name, turned };
}

tried().then(postMessage, (error: unknown) => postMessage(String(error)));
