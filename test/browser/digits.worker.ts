import { trainDigits } from "./train-digits.ts";

addEventListener("message", ({ data: epochs }: MessageEvent<number>) => {
  trainDigits(epochs).then(
    (trained) => postMessage(trained),
    (error: unknown) => postMessage(String(error)),
  );
});
