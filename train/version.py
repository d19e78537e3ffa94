"""A new model version: its card, the description of its run, and its folder, written whole."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.replacing import draft_of, put_folder, remove
from cascadeclip.train.events import picture_name
from cascadeclip.train.pictures import Pictures

if TYPE_CHECKING:
    from cascadeclip.core.model import LoadedModel, ModelInfo
    from cascadeclip.core.project import Project
    from cascadeclip.train.evaluate import Adjusted
    from cascadeclip.train.job import Job
    from cascadeclip.train.material import Material
    from cascadeclip.train.recipes import Recipe
    from cascadeclip.train.retrain import Outcome


def child_info(
    parent: ModelInfo, name: str, learnt: tuple[str, ...], adjusted: Adjusted
) -> ModelInfo:
    """Return the card of a version that learnt the words `learnt` from `parent`."""
    known = {word.casefold() for word in parent.trained_words}
    fresh = tuple(word for word in learnt if word.casefold() not in known)
    return replace(
        parent,
        version=name,
        parent=parent.version,
        trained_words=(*parent.trained_words, *fresh),
        adjusted=tuple(adjusted),
    )


def next_name(project: Project) -> str:
    """Return the first of v1, v2, ... that neither a folder nor a registered version has."""
    taken = {row.name for row in project.versions.all()}
    folder = project.folder / "models"
    if folder.is_dir():
        taken |= {entry.name for entry in folder.iterdir()}
    number = 1
    while f"v{number}" in taken:
        number += 1
    return f"v{number}"


def quality_json(quality: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a Quality as JSON has it."""
    return json.loads(json.dumps(asdict(quality)))  # type: ignore[no-any-return]


class NothingChanged(TrainingFailed):
    """Say that a version would answer as its parent does; there is none."""


_NOTHING = {
    "scores": "There is nothing to calibrate: the scores of the corrected words mean what they say "
    "already. Correct more images, or try another recipe.",
    "regions": "Prototypes of the marked regions change nothing for the better on the corrected "
    "images. Correct more images, or try another recipe.",
    "pixels": "A classifier of the marked pixels changes nothing for the better on the corrected "
    "images. Correct more images, or try another recipe.",
}


def refuse_unchanged(parent: LoadedModel, child: LoadedModel, recipe: Recipe) -> None:
    """Raise NothingChanged where a version would answer as its parent does, to the last bit.

    So it does, too, where prototypes or a pixel classifier were asked for, and none were better
    than without.
    """
    from cascadeclip.core.model.extras import Extras

    ours, theirs = (Extras(one.prototypes, one.pixels) for one in (child, parent))
    unchanged = child.info.adjusted == parent.info.adjusted and ours.same(theirs)
    asked = {"scores": child, "regions": child.prototypes, "pixels": child.pixels}
    for deed in recipe.does:
        if unchanged or asked[deed] is None:
            raise NothingChanged(_NOTHING[deed])


def describe(project: Project, job: Job, material: Material, outcome: Outcome) -> dict[str, Any]:
    """Return what run.json holds: enough to repeat the run and to judge it."""
    taught = outcome.taught
    return {
        "name": job.out.name if job.out is not None else next_name(project),
        "parent": outcome.parent,
        "recipe": job.recipe.name,
        "config": asdict(job.recipe),
        "seed": job.seed,
        "device": job.device,
        "source": material.corrections.source,
        "words": [word.name for word in material.corrections.words],
        "corrected": list(material.corrected_names),
        "threshold": material.threshold,
        "split": {
            "train": list(material.split.train),
            "held_out": list(material.split.held_out),
            "prints": dict(material.prints or {}),
        },
        "images": material.sides(),
        "metrics": {
            "before": quality_json(outcome.before),
            "after": quality_json(outcome.after),
            "share": taught.share,
            "agreement": taught.agreement,
            "adjusted": [list(one) for one in taught.model.info.adjusted],
            "prototypes": taught.model.prototypes and taught.model.prototypes.to_json(),
            "pixels": taught.model.pixels and taught.model.pixels.to_json(),
            "validation": {str(share): miou for share, miou in (taught.validation or {}).items()},
            "pixel_validation": {str(share): miou for share, miou in (taught.pixels or {}).items()},
            "reviewed": project.images.count(status="reviewed"),
            "views": taught.views,
            "encoder_passes": taught.passes,
            "seconds": round(outcome.seconds, 1),
        },
        "losses": list(taught.losses),
        "activate": outcome.verdict.activate,
        "reason": outcome.verdict.reason,
    }


def write_version(
    final: Path, child: LoadedModel, run: dict[str, Any], pictures: Pictures | None = None
) -> Path:
    """Write weights, run.json and pictures by image beside their place, then move all there.

    Raises TrainingFailed when the place is taken or cannot be written.
    """
    from cascadeclip.core.model import save_model

    if final.exists():
        raise TrainingFailed(f"{final} exists already, and versions never change; choose another.")
    working: Path | None = None
    try:
        working = draft_of(final)
        working.mkdir(parents=True)
        save_model(
            working, child.network, child.text, child.info,
            prototypes=child.prototypes, pixels=child.pixels,
        )  # fmt: skip
        text = json.dumps(run, indent=1, ensure_ascii=False)
        (working / "run.json").write_text(text + "\n", encoding="utf-8")
        for image_id, picture in (pictures or {}).items():
            Image.fromarray(picture).save(working / picture_name(image_id))
        put_folder(working, final)
    except OSError as error:
        raise TrainingFailed(
            f"The new version could not be written ({error.strerror or error}); "
            "check the space and the permissions of the project folder."
        ) from error
    finally:
        if working is not None:
            remove(working)
    return final
