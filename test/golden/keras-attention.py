"""Writes data/keras-attention.json: attention as Keras computes and differentiates it, and a fit of a transformer block.

Run: python keras-attention.py (needs keras and jax). Float32 throughout; values are written exactly.
"""
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers

DATA = pathlib.Path(__file__).parent / "data"
VERSIONS = {"keras": keras.__version__, "jax": jax.__version__, "numpy": np.__version__}
rng = np.random.default_rng(13)


def listed(array):
    """The fewest digits that read back as the float32; bools as 0 and 1."""
    array = np.asarray(array)
    return {"shape": list(array.shape), "values": [float(str(np.float32(x))) for x in array.reshape(-1)]}


def normal(*shape):
    return rng.standard_normal(shape).astype("float32")


# ---- the layer: output, and the gradients of sum(y * dy) -------------------------------------------------------------
def case(layer, query, value=None, key=None, causal=False, **masks):
    """Without a value it is self-attention, which has gradients of x."""
    config = keras.saving.serialize_keras_object(layer)
    q = normal(*query)
    v = q if value is None else normal(*value)
    k = v if key is None else normal(*key)
    layer.build(q.shape, v.shape, k.shape)
    for variable in layer.variables:
        if "seed" not in variable.path:
            variable.assign(normal(*variable.shape) * 0.7)
    trainable, others = [v.value for v in layer.trainable_variables], [v.value for v in layer.non_trainable_variables]
    keywords = {"use_causal_mask": causal, **{name: jnp.asarray(mask) for name, mask in masks.items()}}

    def call(trainable, q, v, k):
        return layer.stateless_call(trainable, others, q, v, k, training=False, **keywords)[0]

    y = call(trainable, q, v, k)
    dy = normal(*y.shape)
    inputs = [jnp.asarray(x) for x in (q, v, k)]
    found = {"layer": config, "weights": [listed(w) for w in trainable], "useCausalMask": causal,
             "masks": {name: listed(mask) for name, mask in masks.items()}, "y": listed(y), "dy": listed(dy)}
    total = lambda trainable, q, v, k: (call(trainable, q, v, k) * dy).sum()
    found["dweights"] = [listed(g) for g in jax.grad(total)(trainable, *inputs)]
    if value is None:
        found |= {"query": listed(q), "dquery": listed(jax.grad(lambda x: total(trainable, x, x, x))(inputs[0]))}
    else:
        gradients = jax.grad(total, (1, 2, 3) if key is not None else (1, 2))
        if key is None:
            whole = jax.grad(lambda q, v: total(trainable, q, v, v), (0, 1))(*inputs[:2])
        else:
            whole = gradients(trainable, *inputs)
        names = ["query", "value", "key"][: len(whole)]
        found |= {name: listed(x) for name, x in zip(names, inputs)}
        found |= {f"d{name}": listed(g) for name, g in zip(names, whole)}
    return found


def cases():
    keras.utils.clear_session()  # names count from the start
    mha = layers.MultiHeadAttention
    yield case(mha(2, 3), (2, 4, 5))
    yield case(mha(1, 4, use_bias=False), (2, 3, 4))
    yield case(mha(3, 2, output_shape=7), (1, 5, 4))
    yield case(mha(2, 2, output_shape=(2, 3)), (1, 4, 4))
    yield case(mha(2, 3), (2, 4, 5), (2, 6, 5))
    yield case(mha(2, 3), (2, 4, 5), (2, 3, 6), (2, 3, 7))
    yield case(mha(2, 3), (2, 5, 4), causal=True)
    yield case(mha(2, 3, sliding_window=2), (2, 5, 4))
    yield case(mha(2, 3, sliding_window=2), (2, 5, 4), causal=True)
    yield case(mha(2, 3, use_gate=True), (2, 4, 5))
    some = rng.integers(0, 2, (2, 4, 4)) | np.eye(4, dtype=int)
    yield case(mha(2, 3), (2, 4, 5), attention_mask=some.astype(bool))
    yield case(mha(2, 3), (2, 4, 5), causal=True, attention_mask=some.astype(bool))
    yield case(mha(2, 3), (2, 4, 5), (2, 3, 5), value_mask=np.array([[1, 1, 0], [1, 0, 0]], bool))
    # With dropout (which prediction does not do) Keras takes another way, which takes other sizes of values, and where a
    # row that may attend to nothing gives 0.
    yield case(mha(2, 3, value_dim=4, dropout=0.5, seed=3), (2, 4, 5))
    none = some.copy()
    none[0, 1] = 0
    yield case(mha(2, 3, dropout=0.5, seed=3), (2, 4, 5), attention_mask=none.astype(bool))


# ---- a fit of Keras's transformer block, without dropout ---------------------------------------------------------------
class TransformerBlock(layers.Layer):
    def __init__(self, heads, units):
        super().__init__()
        self.attention = layers.MultiHeadAttention(heads, 4)
        self.expand = layers.Dense(units, activation="relu")
        self.reduce = layers.Dense(8)
        self.norm1 = layers.LayerNormalization(epsilon=1e-6)
        self.norm2 = layers.LayerNormalization(epsilon=1e-6)

    def call(self, x):
        y = self.norm1(x + self.attention(x, x))
        return self.norm2(y + self.reduce(self.expand(y)))


def fit():
    tokens = rng.integers(0, 10, (24, 6))
    labels = (tokens == 3).any(-1).astype("float32")[:, None]
    model = keras.Sequential([keras.Input((6,)), layers.Embedding(10, 8), TransformerBlock(2, 12), layers.GlobalAveragePooling1D(),
                              layers.Dense(1, activation="sigmoid")])
    for weight in model.weights:
        weight.assign((rng.uniform(-0.6, 0.6, weight.shape) + ("gamma" in weight.path)).astype("float32"))
    initial = [listed(w) for w in model.get_weights()]
    model.compile(optimizer=keras.optimizers.AdamW(0.01, weight_decay=0.1), loss="binary_crossentropy", metrics=["accuracy"])
    history = model.fit(tokens, labels, batch_size=8, epochs=4, shuffle=False, verbose=0)
    return {"tokens": listed(tokens), "labels": listed(labels), "initial": initial,
            "history": {name: [float(v) for v in values] for name, values in history.history.items()},
            "final": [listed(w) for w in model.get_weights()]}


lines = ",\n".join(json.dumps(each) for each in cases())
head = json.dumps({"versions": VERSIONS, "fit": fit()})[:-1]
(DATA / "keras-attention.json").write_text(head + f', "cases": [\n{lines}\n]}}\n')
print(f"keras-attention.json: {lines.count(chr(10)) + 1} cases")
