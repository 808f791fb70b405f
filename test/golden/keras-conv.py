"""Writes data/keras-conv.json: convolutions, pools, embeddings, normalizations and recurrent layers as Keras computes and differentiates them.

Run: python keras-conv.py (needs keras and jax). Float32 throughout; values are written exactly.
"""
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
import jax
import jax.numpy as jnp
import keras
import numpy as np

DATA = pathlib.Path(__file__).parent / "data"
VERSIONS = {"keras": keras.__version__, "jax": jax.__version__, "numpy": np.__version__}
rng = np.random.default_rng(12)


def listed(array):
    """The fewest digits that read back as the float32."""
    array = np.asarray(array)
    return {"shape": list(array.shape), "values": [float(str(np.float32(x))) for x in array.reshape(-1)]}


def case(layer, shape, training=False, ints=None, mask=None):
    """Output, weights after the call, and the gradients of sum(y * dy)."""
    x = rng.standard_normal(shape).astype("float32") if ints is None else rng.integers(0, ints, shape)
    config = keras.saving.serialize_keras_object(layer)
    layer.build(x.shape)
    for variable in layer.variables:
        value = rng.standard_normal(variable.shape).astype("float32")
        variable.assign(np.abs(value) + 0.5 if variable.path.endswith("variance") else value)
    before = [listed(v.value) for v in layer.weights]
    trainable, others = [[v.value for v in vs] for vs in (layer.trainable_variables, layer.non_trainable_variables)]
    # Without weights to train or move, a layer takes no notice of the mode.
    keywords = {"training": training} if isinstance(layer, keras.layers.BatchNormalization) else {}
    if mask is not None:
        keywords["mask"] = jnp.asarray(mask)
    y, moved = layer.stateless_call(trainable, others, jnp.asarray(x), **keywords)
    dy = rng.standard_normal(y.shape).astype("float32")

    def total(trainable, x):
        return (layer.stateless_call(trainable, others, x, **keywords)[0] * dy).sum()

    found = {"layer": config, "x": listed(x), "training": training, "weights": before,
             "y": listed(y), "dy": listed(dy), "dweights": [listed(g) for g in jax.grad(total)(trainable, jnp.asarray(x))]}
    if mask is not None:
        found["mask"] = mask
    if training:
        found["moved"] = [listed(v) for v in moved]
    if ints is None:
        found["dx"] = listed(jax.grad(total, 1)(trainable, jnp.asarray(x)))
    return found


def cases():
    l = keras.layers
    keras.utils.clear_session()  # names count from the start
    yield case(l.Conv1D(3, 2), (2, 6, 2))
    yield case(l.Conv1D(2, 3, padding="causal", dilation_rate=2), (2, 7, 2))
    yield case(l.Conv1D(4, 3, padding="same", strides=2, activation="relu"), (2, 7, 2))
    yield case(l.Conv1D(4, 2, padding="causal", strides=2, groups=2), (2, 6, 4))
    yield case(l.Conv2D(3, 3), (2, 5, 6, 2))
    yield case(l.Conv2D(2, (3, 2), strides=2, padding="same"), (2, 6, 5, 3))
    yield case(l.Conv2D(4, 3, padding="same", groups=2, use_bias=False), (2, 4, 4, 2))
    yield case(l.Conv2D(2, 2, dilation_rate=(1, 2), padding="same", activation="tanh"), (1, 5, 5, 1))
    yield case(l.Conv2D(2, (1, 2), strides=(2, 3)), (1, 5, 6, 2))
    yield case(l.MaxPooling1D(), (2, 5, 3))
    yield case(l.MaxPooling1D(3, strides=2, padding="same"), (2, 6, 2))
    yield case(l.MaxPooling2D(), (2, 5, 4, 2))
    yield case(l.MaxPooling2D((3, 2), strides=(2, 1), padding="same"), (2, 4, 5, 2))
    yield case(l.AveragePooling1D(2), (2, 5, 3))
    yield case(l.AveragePooling1D(3, strides=2, padding="same"), (2, 6, 2))
    yield case(l.AveragePooling2D(2), (2, 5, 4, 2))
    yield case(l.AveragePooling2D((3, 2), strides=(2, 1), padding="same"), (2, 4, 5, 2))
    yield case(l.GlobalAveragePooling1D(), (2, 5, 3))
    yield case(l.GlobalAveragePooling2D(), (2, 3, 4, 2))
    yield case(l.GlobalAveragePooling2D(keepdims=True), (2, 3, 4, 2))
    yield case(l.Embedding(6, 3), (2, 5), ints=6)
    yield case(l.LayerNormalization(), (3, 2, 5))
    yield case(l.LayerNormalization(axis=[1, 2], epsilon=1e-5), (2, 3, 4))
    yield case(l.LayerNormalization(center=False), (3, 5))
    yield case(l.LayerNormalization(scale=False), (3, 5))
    for training in (False, True):
        yield case(l.BatchNormalization(), (4, 3), training)
        yield case(l.BatchNormalization(momentum=0.9, epsilon=1e-2), (2, 3, 3, 2), training)
        yield case(l.BatchNormalization(axis=1, center=False), (3, 4, 2), training)
        yield case(l.BatchNormalization(scale=False), (5, 2), training)
    frozen = l.BatchNormalization(name="frozen", trainable=False)
    yield case(frozen, (4, 2), True)
    # A row that ends early, and one with a hole.
    mask = [[True, True, False, False], [True, False, True, True]]
    for recurrent in (l.SimpleRNN, l.LSTM):
        yield case(recurrent(3), (2, 4, 2))
        yield case(recurrent(2, return_sequences=True, go_backwards=True, use_bias=False), (2, 3, 3))
        yield case(recurrent(3, return_sequences=True, activation="relu"), (2, 4, 2), mask=mask)
        yield case(recurrent(2, go_backwards=True), (2, 4, 1), mask=mask)


lines = ",\n".join(json.dumps(each) for each in cases())
(DATA / "keras-conv.json").write_text(f'{{"versions": {json.dumps(VERSIONS)}, "cases": [\n{lines}\n]}}\n')
