"""scikit-learn's MLPClassifier: one pass of partial_fit over all rows is an epoch of mini-batches."""

import warnings

import numpy as np
from sklearn.neural_network import MLPClassifier

from peer import Session, by_threads, paced


def make_model(workload):
    layers = workload["net"]["layers"]
    options = workload.get("optimizer", {})
    return MLPClassifier(
        tuple(layer["units"] for layer in layers[:-1]),
        activation=layers[0]["activation"],
        solver="adam",
        learning_rate_init=options.get("learningRate", 0.001),
        beta_1=options.get("beta1", 0.9),
        beta_2=options.get("beta2", 0.999),
        epsilon=options.get("epsilon", 1e-7),
        batch_size=workload["batch"],
        alpha=0,
        shuffle=False,
        random_state=0,
    )


def open(workload, data):
    warnings.filterwarnings("ignore")
    model = make_model(workload)
    batch = workload["batch"]
    classes = np.arange(data.outputs)
    if workload["task"] == "predict":
        model.partial_fit(data.x, data.labels, classes=classes)

        def predict(times):
            for i in range(times):
                model.predict_proba(data.x[i % data.examples][None])

        return Session(by_threads(lambda: paced(1, predict)))

    def run(steps):
        if steps < data.examples // batch:
            rows = steps * batch
            model.partial_fit(data.x[:rows], data.labels[:rows], classes=classes)
            return steps
        epochs = round(steps * batch / data.examples)
        for _ in range(epochs):
            model.partial_fit(data.x, data.labels, classes=classes)
        return epochs * data.examples // batch

    def loss():
        if not hasattr(model, "coefs_"):
            return float(np.log(data.outputs))  # of a net that knows nothing yet; it makes its weights on the first step
        rows = np.arange(batch)
        chances = model.predict_proba(data.x[:batch])[rows, data.labels[:batch]]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    return Session(by_threads(lambda: paced(batch, run)), loss)
