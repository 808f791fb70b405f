"""Writes data/keras-fit.json: whole fits (5 epochs, a smaller last batch) as Keras trains them, and summaries.

Run: python keras-fit.py (needs keras and jax). Float32 throughout; values are written exactly.
"""
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
import jax
import keras
import numpy as np
from keras import layers

DATA = pathlib.Path(__file__).parent / "data"
VERSIONS = {"keras": keras.__version__, "jax": jax.__version__, "numpy": np.__version__}
rng = np.random.default_rng(5)

# 70 samples in batches of 32: the last one has 6.
X = rng.standard_normal((70, 6)).astype("float32")
CLASSES = (X @ rng.standard_normal((6, 3)) + 0.3 * rng.standard_normal((70, 3))).argmax(-1)
X_VAL = rng.standard_normal((20, 6)).astype("float32")
Y_VAL = rng.integers(0, 3, 20)
WEIGHTS = rng.uniform(0.2, 3, 70).astype("float32")
ONE_HOT = np.eye(3, dtype="float32")


def text(x):
    """The fewest digits that read back as the float32."""
    return float(str(np.float32(x)))


def listed(array):
    array = np.asarray(array)
    return {"shape": list(array.shape), "values": [text(x) for x in array.reshape(-1)]}


def case(name, optimizer, loss, labels, outputs=3, activation=None, **options):
    model = keras.Sequential([keras.Input((6,)), layers.Dense(8, activation="tanh"), layers.Dense(outputs, activation=activation)])
    for weight in model.weights:
        weight.assign(rng.uniform(-0.6, 0.6, weight.shape).astype("float32"))
    initial = [listed(w) for w in model.get_weights()]
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    history = model.fit(X, labels(CLASSES), batch_size=32, epochs=5, shuffle=False, verbose=0,
                        validation_data=(X_VAL, labels(Y_VAL)), **options)
    config = keras.saving.serialize_keras_object(model.optimizer)
    return {
        "name": name,
        "optimizer": {"class_name": config["class_name"], "config": config["config"]},
        "loss": {"class_name": loss.__class__.__name__, "config": loss.get_config()},
        "labels": listed(labels(CLASSES)),
        "validationLabels": listed(labels(Y_VAL)),
        "outputs": outputs,
        "activation": activation,
        "sampleWeight": listed(options["sample_weight"]) if "sample_weight" in options else None,
        "classWeight": options.get("class_weight"),
        "initial": initial,
        "history": {name: [float(v) for v in values] for name, values in history.history.items()},
        "final": [listed(w) for w in model.get_weights()],
        "evaluate": model.evaluate(X_VAL, labels(Y_VAL), verbose=0),
    }


o = keras.optimizers
sparse = lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=True)
indices = lambda y: y.astype("float32")
one_hot = lambda y: ONE_HOT[y]
binary = lambda y: (y == 1).astype("float32")[:, None]
cases = [
    case("adam", o.Adam(0.01), sparse(), indices),
    case("sgd with momentum", o.SGD(0.1, momentum=0.9), sparse(), indices),
    case("sgd with nesterov, clipped", o.SGD(0.1, momentum=0.8, nesterov=True, global_clipnorm=0.5), sparse(), indices),
    case("rmsprop, one-hot", o.RMSprop(0.01), keras.losses.CategoricalCrossentropy(from_logits=True), one_hot),
    case("binary from probabilities", o.Adam(0.02), keras.losses.BinaryCrossentropy(), binary, 1, "sigmoid"),
    case("class weights", o.Adam(0.01), sparse(), indices, class_weight={0: 1.0, 1: 5.0, 2: 0.25}),
    case("sample weights", o.SGD(0.05, momentum=0.9), sparse(), indices, sample_weight=WEIGHTS),
    case("class weights of one-hot labels", o.Adam(0.01), keras.losses.CategoricalCrossentropy(from_logits=True), one_hot,
         class_weight={0: 1.0, 1: 5.0, 2: 0.25}),
    case("mean squared error, sample weights", o.Adam(0.01), keras.losses.MeanSquaredError(), one_hot, sample_weight=WEIGHTS),
]


def printed(model):
    lines = []
    model.summary(print_fn=lines.append)
    return "\n".join(lines).strip("\n")


def summaries():
    keras.backend.clear_session()
    digits = keras.Sequential(
        [keras.Input((784,)), layers.Dense(128, activation="relu", name="layer1"), layers.Dropout(0.2), layers.Dense(10)],
        name="digits")
    before = printed(digits)
    digits.compile("adam", "mse")
    digits.fit(np.zeros((4, 784)), np.zeros((4, 10)), verbose=0)
    trained = printed(digits)
    keras.backend.clear_session()
    long = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(), layers.Reshape((28, 28)),
         layers.Dense(1500, name="a_very_long_name_of_a_layer_that_does_not_fit", trainable=False), layers.Activation("relu")],
        name="frozen")
    keras.backend.clear_session()
    unbuilt = keras.Sequential([layers.Dense(3), layers.Dense(2)], name="unbuilt")
    return {"digits": before, "trained": trained, "frozen": printed(long), "unbuilt": printed(unbuilt)}


body = {"versions": VERSIONS, "x": listed(X), "xVal": listed(X_VAL), "summaries": summaries()}
head = json.dumps(body, ensure_ascii=False)[:-1]
(DATA / "keras-fit.json").write_text(head + ', "cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
print(f"keras-fit.json: {len(cases)} cases")
