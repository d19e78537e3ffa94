"""Annotations and suggestions as columns, and back; what may become a row at all."""

from __future__ import annotations

import json

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid, ProjectError
from cascadeclip.core.project.connection import Record, now
from cascadeclip.core.project.rows import AnnotationRow, ImageRow
from cascadeclip.core.values import Provenance, Rle, Suggestion


def check_fits(rle: Rle, image: ImageRow) -> None:
    """Raise MaskInvalid unless the mask has the image's size and at least one pixel."""
    if (rle.height, rle.width) != (image.height, image.width):
        raise MaskInvalid(
            f"A mask of {rle.width} x {rle.height} pixels does not fit {image.path},"
            f" which has {image.width} x {image.height}."
        )
    if masks.area(rle) == 0:
        raise MaskInvalid("The mask is empty; mark at least one pixel, or delete the mask.")


def check_suggestion(suggestion: Suggestion, image: ImageRow) -> None:
    """Raise MaskInvalid or ProjectError unless the suggestion fits the image and has a score."""
    check_fits(suggestion.rle, image)
    if not 0 <= suggestion.score <= 1:
        raise ProjectError(f"A score lies between 0 and 1, not at {suggestion.score}.")


def new_record(
    image_id: int, class_id: int, rle: Rle, provenance: Provenance, *,
    suggestion_id: int | None = None,
) -> Record:  # fmt: skip
    """Return the columns of a new annotation."""
    time = now()
    return {
        "image_id": image_id,
        "class_id": class_id,
        **shape(rle),
        "origin": provenance.origin,
        "suggestion_id": suggestion_id,
        "model_version": provenance.model_version,
        "phrases": json.dumps(provenance.phrases, ensure_ascii=False),
        "templates": json.dumps(provenance.templates, ensure_ascii=False),
        "score": provenance.score,
        "threshold": provenance.threshold,
        "author": provenance.author,
        "seconds": provenance.seconds,
        "edited_pixels": provenance.edited_pixels,
        "created": time,
        "updated": time,
    }


def suggestion_record(suggestion: Suggestion, image_id: int, model_version: str) -> Record:
    """Return the columns of a new suggestion, pending."""
    return {
        "image_id": image_id,
        "class_id": int(suggestion.class_id),
        **write_rle(suggestion.rle),
        "score": float(suggestion.score),
        "threshold": float(suggestion.threshold),
        "phrases": json.dumps(suggestion.phrases, ensure_ascii=False),
        "templates": json.dumps(suggestion.templates, ensure_ascii=False),
        "model_version": model_version,
        "status": "pending",
        "created": now(),
    }


def read_rle(record: Record) -> Rle:
    """Return the mask of a row that has the columns height, width and counts."""
    return Rle(record["height"], record["width"], record["counts"].encode("ascii"))


def write_rle(rle: Rle) -> Record:
    """Return the columns that `read_rle` reads."""
    return {"height": rle.height, "width": rle.width, "counts": rle.counts.decode("ascii")}


def shape(rle: Rle) -> Record:
    """Return the columns of a mask: `write_rle` with area and box."""
    x, y, width, height = masks.bbox(rle)
    return write_rle(rle) | {
        "area": masks.area(rle),
        "bbox_x": x,
        "bbox_y": y,
        "bbox_width": width,
        "bbox_height": height,
    }


def annotation_row(record: Record) -> AnnotationRow:
    """Return the annotation that the columns hold."""
    return AnnotationRow(
        id=record["id"],
        image_id=record["image_id"],
        class_id=record["class_id"],
        rle=read_rle(record),
        area=record["area"],
        bbox=(
            record["bbox_x"], record["bbox_y"], record["bbox_width"], record["bbox_height"]
        ),
        provenance=Provenance(
            origin=record["origin"],
            model_version=record["model_version"],
            phrases=tuple(json.loads(record["phrases"])),
            templates=tuple(json.loads(record["templates"])),
            score=record["score"],
            threshold=record["threshold"],
            author=record["author"],
            seconds=record["seconds"],
            edited_pixels=record["edited_pixels"],
        ),
        created=record["created"],
        updated=record["updated"],
    )  # fmt: skip
