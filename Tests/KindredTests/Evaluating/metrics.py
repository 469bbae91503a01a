# Makes metrics.json: rankings measured by independent libraries.
# SPDX-License-Identifier: Apache-2.0
#
#   python3 -m venv v && v/bin/pip install pytrec_eval-terrier scikit-learn recometrics recmetrics rectools
#   v/bin/python metrics.py > metrics.json
#
# Vectors are small integers, so that scores are exact, and many are equal. Equal scores stand in item
# order here; each library is told so in its own way. Nothing below works a metric out by itself: where
# a library knows no misses (items that are unknown or seen), they are given to it as candidates that
# stand below all others.

import json
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
import pytrec_eval
import recometrics
import recmetrics
from rectools import Columns
from rectools.metrics import CatalogCoverage, MRR
from scipy.sparse import csr_matrix
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import cosine_similarity

warnings.simplefilter("ignore")
CUTOFFS = [1, 2, 3, 5, 10, 20, 50]


def case(seed, users, items, dimension, seen_share, test_share, unknown_share):
    rng = np.random.default_rng(seed)
    x = rng.integers(-2, 3, (users, dimension))
    y = rng.integers(-2, 3, (items, dimension))
    y[rng.integers(items)] = 0  # like nothing
    seen = rng.random((users, items)) < seen_share
    seen[0] = False
    seen[1] = True
    seen[1, :3] = False  # a list of three items
    test = []  # (user, item, rating); items from `items` on are unknown to the model
    for user in range(users + 4):  # four users unknown to the model
        if user % 7 == 2:
            continue  # no test items
        for item in range(items + items // 4):
            if rng.random() < (test_share if item < items else unknown_share):
                # Some of them are in the history as well.
                if user < users and item < items and seen[user, item] and rng.random() < 0.7:
                    continue
                test.append((user, item, int(rng.integers(0, 6))))
    test.append((0, 0, 3))  # at least one, for the user who has seen nothing
    test = sorted({(u, i): r for u, i, r in test}.items())
    test = [(u, i, r) for (u, i), r in test]

    rankings, relevant = {}, {}
    for user, item, rating in test:
        relevant.setdefault(user, {})[item] = rating
    for user in relevant:
        scores = y @ x[user] if user < users else np.zeros(items, int)
        order = np.lexsort((np.arange(items), -scores))
        if user < users:
            order = [i for i in order if not seen[user, i]]
        rankings[user] = [(int(i), int(scores[i])) for i in order]

    expected, source = {}, {}

    def put(name, value, library):
        assert np.isfinite(value), name
        expected[name] = float(value)
        source[name] = f"{library} {version(library)}"

    # trec_eval breaks ties towards the greater document name.
    name = lambda item: f"{99999 - item}"
    trec = "pytrec_eval-terrier"
    run = {str(u): {name(i): s for i, s in ranking} for u, ranking in rankings.items()}

    def evaluate(gain, measures):
        qrel = {str(u): {name(i): gain(r) for i, r in t.items()} for u, t in relevant.items()}
        return pytrec_eval.RelevanceEvaluator(qrel, measures).evaluate(run)

    def mean(results, key):
        return np.mean([results[str(u)][key] for u in relevant])

    cuts = ",".join(map(str, CUTOFFS))
    binary = evaluate(lambda r: 1, {f"{m}.{cuts}" for m in ("recall", "P", "success", "ndcg_cut", "map_cut")} | {"recip_rank"})
    linear = evaluate(lambda r: r, {f"ndcg_cut.{cuts}"})
    graded = evaluate(lambda r: 2**r - 1, {f"ndcg_cut.{cuts}"})
    for k in CUTOFFS:
        put(f"recall@{k}", mean(binary, f"recall_{k}"), trec)
        put(f"precision@{k}", mean(binary, f"P_{k}"), trec)
        put(f"hr@{k}", mean(binary, f"success_{k}"), trec)
        put(f"ndcg@{k}", mean(binary, f"ndcg_cut_{k}"), trec)
        put(f"ndcg-linear@{k}", mean(linear, f"ndcg_cut_{k}"), trec)
        put(f"ndcg-graded@{k}", mean(graded, f"ndcg_cut_{k}"), trec)
        put(f"map-full@{k}", mean(binary, f"map_cut_{k}"), trec)
    put("mrr", mean(binary, "recip_rank"), trec)

    # A test item that is no candidate is one that stands below all of them.
    areas = []
    for user, ranking in rankings.items():
        t = relevant[user]
        truth = [i in t for i, _ in ranking] + [True] * len(set(t) - {i for i, _ in ranking})
        scores = [s for _, s in ranking] + [-(10**9)] * (len(truth) - len(ranking))
        if not all(truth):
            areas.append(roc_auc_score(truth, scores))
    put("auc", np.mean(areas), "scikit-learn")

    # recometrics takes factors: the identity, and for each user minus the rank of each item. Fifty items
    # that nobody has stand between the candidates and the misses, so that no list reaches the latter.
    known = items + items // 4
    width = known + max(CUTOFFS)
    place = {u: n for n, u in enumerate(relevant)}
    factors = np.full((len(place), width), -(10.0**6)) - np.arange(width)
    factors[:, known:] = -(10.0**5) - np.arange(width - known)
    truth = np.zeros((len(place), width))
    for user, ranking in rankings.items():
        for rank, (item, _) in enumerate(ranking):
            factors[place[user], item] = -rank
        truth[place[user], list(relevant[user])] = 1
    for k in CUTOFFS[1:]:  # it has no figures for k = 1
        found = recometrics.calc_reco_metrics(
            csr_matrix((len(place), width)), csr_matrix(truth), factors, np.eye(width), k=k,
            precision=True, trunc_precision=True, trunc_average_precision=True,
            break_ties_with_noise=False, min_items_pool=1, min_pos_test=1, consider_cold_start=True)
        put(f"recall-capped@{k}", found[f"TP@{k}"].mean(), "recometrics")
        put(f"map@{k}", found[f"TAP@{k}"].mean(), "recometrics")

    rows = [(u, i, r + 1) for u, ranking in rankings.items() for r, (i, _) in enumerate(ranking)]
    lists = pd.DataFrame(rows, columns=[Columns.User, Columns.Item, Columns.Rank])
    wanted = pd.DataFrame(test, columns=[Columns.User, Columns.Item, "rating"])
    popularity = dict(enumerate(np.maximum(seen.sum(0), 1)))
    likeness = cosine_similarity(y)
    for k in CUTOFFS:
        put(f"mrr@{k}", MRR(k=k).calc(lists, wanted), "rectools")
        put(f"coverage@{k}", CatalogCoverage(k=k, normalize=True).calc(lists, range(items)), "rectools")
        tops = [[i for i, _ in ranking[:k]] for ranking in rankings.values()]
        put(f"novelty@{k}", np.mean([recmetrics.novelty([t], popularity, users, len(t))[0] for t in tops]), "recmetrics")
        if k > 1:
            features = pd.DataFrame(y.astype(float))
            put(f"ils@{k}", np.mean([recmetrics.intra_list_similarity([t], features) for t in tops]), "recmetrics")

    return {
        "seed": seed, "users": x.tolist(), "items": y.tolist(),
        "seen": [np.flatnonzero(row).tolist() for row in seen], "test": test,
        "expected": expected, "source": source,
    }


print(json.dumps([
    case(1, 40, 30, 3, 0.2, 0.15, 0.05),
    case(2, 25, 60, 2, 0.3, 0.3, 0.2),
    case(3, 60, 24, 4, 0.1, 0.08, 0.02),
], separators=(",", ":")))
