"""What core and the training process say in English, said in the person's language on the screen.

Neither knows the window: their sentences are recognised here by their words, and what stands in
the {places} is kept. A place whose name begins with `why` holds a saying itself. A test compares
every saying with the sources, so that one that is worded anew there is not lost here.
"""

from __future__ import annotations

import re
from functools import cache

from cascadeclip.app.translation import mark, tr

PLACE = re.compile(r"\{(\w+)\}")
SAYINGS = (
    mark("starting"),
    mark("collecting"),
    mark("splitting {count} {whyWhich}"),
    mark("complete images"),
    mark("images ({complete} complete, {partial} partly marked)"),
    mark("loading the model"),
    mark("measuring before on {count} images never trained on"),
    mark("measuring after"),
    mark("writing"),
    mark("calibrating"),
    mark("a small model"),
    mark("not measured on this machine yet"),
    mark("the graphics card ran out of memory"),
    mark("showing the marked regions of {count} images"),
    mark("showing the marked regions again"),
    mark("learning the marked pixels of {count} images"),
    mark("choosing how far to go"),
    mark("caching views of {count} images"),
    mark("training on {views} views{whyGone}"),
    mark(", going on from step {step}"),
    mark("training {count} views at a time, for memory ran out"),
    mark("{before} to {after} mIoU on held-out images"),
    mark("Not better enough: {whyTold}."),
    mark("Better: {whyTold}."),
    mark("Better on the whole ({whyTold}), but {whyBut}."),
    mark('"{word}" lost {points} points'),
    mark("words without corrections lost {points} points"),
    mark("words without corrections answer otherwise on {share} % of other images"),
    mark(
        "There is nothing to calibrate: the scores of the corrected words mean what they say "
        "already. Correct more images, or try another recipe."
    ),
    mark(
        "Prototypes of the marked regions change nothing for the better on the corrected "
        "images. Correct more images, or try another recipe."
    ),
    mark(
        "A classifier of the marked pixels changes nothing for the better on the corrected "
        "images. Correct more images, or try another recipe."
    ),
    mark("Training was stopped; the model in use has not changed."),
    mark("There is no mask to learn from; accept or draw some, then mark the images as reviewed."),
    mark("The images to learn from hold no mask; correct and review some more images."),
    mark("Nothing in the images to learn from is marked or rejected; correct some more images."),
    mark(
        "There is not enough memory to train on a single view: close other programs, or "
        "train on the processor (--device cpu)."
    ),
    mark(
        "The new version could not be written ({why}); check the space and the "
        "permissions of the project folder."
    ),
    mark("{name} cannot be opened: {why}."),
    mark("there is no such file"),
    mark("you may not read it"),
    mark("it is a folder"),
    mark("it is not an image, or of a kind that is not supported"),
    mark("there is not enough memory for it"),
    mark("it is damaged or cut short"),
    mark("it has no pixels"),
    mark("it claims more pixels than any camera"),
    mark("its {width} x {height} pixels are beyond {limit} million"),
    mark("An image of {width} x {height} pixels is too thin to be looked at; crop it first."),
    mark("{name} has changed its size since it was added; its masks no longer fit."),
    mark(
        "{name} is not where it was, nor near it; look in other folders with: cascadeclip"
        " check {folder} --search FOLDER --relink"
    ),
    mark("There is no folder {folder}; choose one that holds images."),
    mark("{folder} does not exist: check the path."),
    mark("{folder} is not a folder: give the folder that holds the images."),
    mark("There are no images in {folder}: choose a folder that holds some."),
    mark("{folder} is not a project: it holds no {file}."),
    mark("{folder} was written by a newer version of cascadeclip; update the program."),
    mark(
        "{folder} is open in another program{who}: here it can be read but not changed; "
        "close the other program, then open it again."
    ),
    mark("Nothing can be written in {folder}; make it writable or copy the project elsewhere."),
    mark(
        "There is not enough memory for {path}: close other programs and try again; if "
        "that does not help, look at it with: cascadeclip check {folder}"
    ),
    mark("The vocabulary is empty; type at least one word."),
    mark('The vocabulary is empty; type at least one word, such as "cat".'),
    mark('The word "{name}" is already in the vocabulary.'),
    mark('There is already a word "{name}" in this project.'),
    mark('"{name}" is both a word and a negative word; remove one of the two.'),
    mark('"{name}" cannot be a word: leave out commas, bars, line breaks and a first "-".'),
    mark("A word needs a name; type at least one letter."),
    mark("The mask is empty; mark at least one pixel, or delete the mask."),
    mark("Other masks have all of this already; let masks overlap, or erase."),
    mark("The copied mask lies outside this image."),
    mark("Suggestion number {number} was replaced by newer ones; load them again."),
    mark("Mask number {number} is no longer there; load it again."),
    mark("{out} could not be written ({why}); choose another place."),
    mark("{out} is a folder; name a file, such as annotations.json."),
    mark("{out} is a file; name a folder for this format."),
    mark("{out} exists and is no .json file; choose another name."),
    mark("{out} holds something that is no export; choose an empty folder."),
    mark(
        "The folder of the active model version {name} is missing; put it back or roll "
        "back to an earlier version."
    ),
    mark("The bundled mini model is missing; install the program again or choose a model."),
    mark("This model has no text tower and cannot read words; choose another model."),
    mark("No trained model is active, so there is none to go back from."),
    mark("No graphics card answers through CUDA here; choose the device auto or cpu."),
    mark(
        "There is not enough memory for one window of the image: close other programs or "
        "choose a smaller model."
    ),
    mark("Memory ran out: windows now go {count} at a time."),
    mark("The graphics card ran out of memory: the processor goes on."),
    mark("The project has no words to look for; add some to its vocabulary first."),
    mark(
        "The process that looks at the images ended unexpectedly ({why}); what it had "
        "found is kept: pre-label again, and it goes on from there."
    ),
    mark(
        "The bundled mini model knows about 200 drawn things and ten kinds of drawn "
        "ground; it cannot read photographs. Get CLIP weights or import a checkpoint for "
        "those."
    ),
)


def said(sentence: str) -> str:
    """Say a sentence of core or of the training process in the person's language.

    One that is not known is said as it came.
    """
    for pattern, text in _patterns():
        found = pattern.fullmatch(sentence)
        if found is not None:
            values = found.groupdict()
            told = {
                name: said(one) if name.startswith("why") else one for name, one in values.items()
            }
            return tr(text, **told)
    return sentence


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Compile the sayings, those with most words of their own first."""
    ordered = sorted(SAYINGS, key=lambda text: -len(PLACE.sub("", text)))
    return tuple((re.compile(_pattern(text), re.DOTALL), text) for text in ordered)


def _pattern(text: str) -> str:
    parts = PLACE.split(text)
    return "".join(
        f"(?P<{part}>.*?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)
    )
