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

const KERNEL = { kernel_initializer: "kernelInitializer", bias_initializer: "biasInitializer" };
const CONV = {
  filters: "filters",
  kernel_size: "kernelSize",
  strides: "strides",
  padding: "padding",
  data_format: "dataFormat",
  dilation_rate: "dilationRate",
  groups: "groups",
  activation: "activation",
  use_bias: "useBias",
  ...KERNEL,
};
const POOL = { pool_size: "poolSize", strides: "strides", padding: "padding", data_format: "dataFormat" };
const GLOBAL_POOL = { data_format: "dataFormat", keepdims: "keepDims" };
const NORMALIZATION = {
  axis: "axis",
  epsilon: "epsilon",
  center: "center",
  scale: "scale",
  beta_initializer: "betaInitializer",
  gamma_initializer: "gammaInitializer",
};
const BATCH_NORMALIZATION = {
  ...NORMALIZATION,
  momentum: "momentum",
  moving_mean_initializer: "movingMeanInitializer",
  moving_variance_initializer: "movingVarianceInitializer",
};
const RECURRENT = {
  units: "units",
  activation: "activation",
  use_bias: "useBias",
  return_sequences: "returnSequences",
  go_backwards: "goBackwards",
  dropout: "dropout",
  recurrent_dropout: "recurrentDropout",
  seed: "seed",
  ...KERNEL,
  recurrent_initializer: "recurrentInitializer",
};
const LSTM = { ...RECURRENT, recurrent_activation: "recurrentActivation", unit_forget_bias: "unitForgetBias" };

const ATTENTION = {
  num_heads: "numHeads",
  key_dim: "keyDim",
  value_dim: "valueDim",
  dropout: "dropout",
  use_bias: "useBias",
  use_gate: "useGate",
  output_shape: "outputShape",
  attention_axes: "attentionAxes",
  sliding_window: "slidingWindow",
  seed: "seed",
  ...KERNEL,
};

/** table: every class of a file */
const CLASSES: Record<string, Entry> = {
  Activation: { make: table.activation, keys: { activation: "activation" } },
  AveragePooling1D: { make: table.averagePooling1d, keys: POOL },
  AveragePooling2D: { make: table.averagePooling2d, keys: POOL },
  BatchNormalization: { make: table.batchNormalization, keys: BATCH_NORMALIZATION, ignored: ["renorm_momentum"] },
  Conv1D: { make: table.conv1d, keys: CONV },
  Conv2D: { make: table.conv2d, keys: CONV },
  Dense: {
    make: table.dense,
    keys: {
      units: "units",
      activation: "activation",
      use_bias: "useBias",
      ...KERNEL,
    },
  },
  Dropout: { make: table.dropout, keys: { rate: "rate", seed: "seed" } },
  Embedding: {
    make: table.embedding,
    keys: { input_dim: "inputDim", output_dim: "outputDim", embeddings_initializer: "embeddingsInitializer" },
  },
  Flatten: { make: table.flatten, keys: {}, ignored: ["data_format"] },
  GlobalAveragePooling1D: { make: table.globalAveragePooling1d, keys: GLOBAL_POOL },
  GlobalAveragePooling2D: { make: table.globalAveragePooling2d, keys: GLOBAL_POOL },
  InputLayer: { make: fromBatchShape, keys: { batch_shape: "batchShape" } },
  LayerNormalization: { make: table.layerNormalization, keys: NORMALIZATION },
  LSTM: { make: table.lstm, keys: LSTM },
  MaxPooling1D: { make: table.maxPooling1d, keys: POOL },
  MaxPooling2D: { make: table.maxPooling2d, keys: POOL },
  MultiHeadAttention: { make: table.multiHeadAttention, keys: ATTENTION },
  Reshape: { make: table.reshape, keys: { target_shape: "targetShape" } },
  SimpleRNN: { make: table.simpleRNN, keys: RECURRENT },
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
