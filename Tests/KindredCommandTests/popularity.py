# The popularity baseline on an adjacency split, measured in NumPy: popularity.py train.txt test.txt
# SPDX-License-Identifier: Apache-2.0
import json, sys
import numpy as np


def read(path):
    lines = [line.split() for line in open(path)]
    return {line[0]: line[1:] for line in lines if line}


train, test = read(sys.argv[1]), read(sys.argv[2])
names = list(dict.fromkeys(item for items in train.values() for item in items))
row = {name: index for index, name in enumerate(names)}
seen = {user: np.unique([row[item] for item in items]) for user, items in train.items() if items}
counts = np.bincount(np.concatenate(list(seen.values())), minlength=len(names))
order = np.lexsort((np.arange(len(names)), -counts))  # ties: the item that came first
place = np.empty(len(names), int)
place[order] = np.arange(len(names))
k, values = 20, []
for user, items in test.items():
    wanted = set(items)
    if not wanted:
        continue
    gone = np.sort(place[seen.get(user, np.array([], int))])
    known = np.array([place[row[item]] for item in wanted if item in row], int)
    ranks = np.sort(known - np.searchsorted(gone, known) + 1)
    hits = ranks[ranks <= k]
    ideal = min(k, len(wanted))
    ndcg = (1 / np.log2(hits + 1)).sum() / (1 / np.log2(np.arange(ideal) + 2)).sum()
    average = (np.arange(1, len(hits) + 1) / hits).sum() / ideal
    first = 1 / ranks[0] if len(ranks) else 0
    values.append([len(hits) / len(wanted), ndcg, len(hits) / k, len(hits) > 0, average, first])
names = ["recall@20", "ndcg@20", "precision@20", "hr@20", "map@20", "mrr"]
print(json.dumps(dict(zip(names, np.mean(values, axis=0))) | {"users": len(values)}))
