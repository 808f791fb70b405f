import { Lacks } from "../../failure.mjs";

/** x = x + attention(norm(x)); x = x + dense(relu(dense(norm(x)))): a user's own layer, made of others. */
export function transformerBlock(gradwise, { numHeads, keyDim, feedForward }) {
  const { layers } = gradwise;
  for (const needed of ["multiHeadAttention", "layerNormalization", "dense"]) {
    if (!layers[needed]) throw new Lacks(`no layers.${needed} yet`);
  }

  class TransformerBlock extends layers.Layer {
    norm1 = layers.layerNormalization();
    attention = layers.multiHeadAttention({ numHeads, keyDim });
    norm2 = layers.layerNormalization();
    widen = layers.dense({ units: feedForward, activation: "relu" });
    narrow = layers.dense({ units: numHeads * keyDim });

    build(inputShape) {
      for (const part of [this.norm1, this.attention, this.norm2, this.widen]) part.ensureBuilt(inputShape);
      this.narrow.ensureBuilt([...inputShape.slice(0, -1), feedForward]);
    }

    call(x) {
      const mixed = x.add(this.attention.apply(this.norm1.apply(x)));
      return mixed.add(this.narrow.apply(this.widen.apply(this.norm2.apply(mixed))));
    }
  }

  return new TransformerBlock();
}
