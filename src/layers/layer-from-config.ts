import { optionsFrom } from "../core/config-options.ts";
import { isDType } from "../core/dtype.ts";
import { ValueError } from "../core/errors.ts";
import { lookUpWord } from "../core/words.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Layer } from "./layer.ts";
import * as table from "./table.ts";

/** Makes a layer from its options. */
type Maker = (options: never) => Layer;

interface Entry {
  readonly make: Maker;
  /** Keras's names of the options, and ours. */
  readonly keys: Readonly<Record<string, string>>;
  /** What Keras writes that changes nothing here. */
  readonly ignored?: readonly string[];
}

const COMMON = { name: "name", trainable: "trainable", dtype: "dtype" };

/** table: every class of a file */
const CLASSES: Record<string, Entry> = {
  Activation: { make: table.activation, keys: { activation: "activation" } },
  Dense: {
    make: table.dense,
    keys: {
      units: "units",
      activation: "activation",
      use_bias: "useBias",
      kernel_initializer: "kernelInitializer",
      bias_initializer: "biasInitializer",
    },
  },
  Dropout: { make: table.dropout, keys: { rate: "rate", seed: "seed" } },
  Flatten: { make: table.flatten, keys: {}, ignored: ["data_format"] },
  InputLayer: { make: fromBatchShape, keys: { batch_shape: "batchShape" } },
  Reshape: { make: table.reshape, keys: { target_shape: "targetShape" } },
};

/**
 * Lets files hold a class of the user's own. `keys` maps the names in its `getConfig()` to the options that
 * `make` takes; the names of name, trainable and dtype are known.
 */
export function registerLayer(className: string, make: Maker, keys: Readonly<Record<string, string>> = {}): void {
  CLASSES[className] = { make, keys };
}

/** The layer that a configuration describes; its class must be known. Weights come from elsewhere. */
export function layerFromConfig({ class_name: className, config }: ConfigObject): Layer {
  const { make, keys, ignored } = lookUpWord("layer class", className, CLASSES);
  const options = optionsFrom(`layer ${className}`, config, { ...COMMON, ...keys }, ignored);
  if (options["dtype"] !== undefined) options["dtype"] = dtypeOf(options["dtype"], className);
  return make(options as never);
}

function dtypeOf(policy: unknown, className: string): string {
  const name = typeof policy === "object" ? (policy as { config?: { name?: unknown } }).config?.name : policy;
  if (isDType(name)) return name;
  throw new ValueError(
    `layer ${className}: the dtype ${JSON.stringify(policy)?.slice(0, 80)} is not supported. Use "float32".`,
  );
}

function fromBatchShape({ batchShape, ...options }: { readonly batchShape: readonly (number | null)[] }): Layer {
  const shape = Array.isArray(batchShape) ? batchShape.slice(1) : batchShape;
  return table.input({ ...options, shape });
}
