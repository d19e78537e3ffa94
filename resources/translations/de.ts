<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>cascadeclip</name>
    <message>
      <source> pixels</source>
      <translation> Pixel</translation>
    </message>
    <message>
      <source>"{first}" and "{second}" are nearly the same to the model</source>
      <translation>„{first}“ und „{second}“ sind für das Modell fast dasselbe</translation>
    </message>
    <message>
      <source>"{first}" and "{second}" are two forms of one word</source>
      <translation>„{first}“ und „{second}“ sind zwei Formen eines Wortes</translation>
    </message>
    <message>
      <source>"{name}" cannot be a word: leave out commas, bars, line breaks and a first "-".</source>
      <translation>„{name}“ kann kein Wort sein: lassen Sie Kommas, Striche, Zeilenumbrüche und ein „-“ am Anfang weg.</translation>
    </message>
    <message>
      <source>"{name}" is both a word and a negative word; remove one of the two.</source>
      <translation>„{name}“ ist Wort und negatives Wort zugleich; entfernen Sie eines von beiden.</translation>
    </message>
    <message>
      <source>"{name}" is no longer looked for; its masks stay.</source>
      <translation>„{name}“ wird nicht mehr gesucht; seine Masken bleiben.</translation>
    </message>
    <message>
      <source>"{word}" is already there as "{name}".</source>
      <translation>„{word}“ ist schon da, als „{name}“.</translation>
    </message>
    <message>
      <source>"{word}" lost {points} points</source>
      <translation>„{word}“ verlor {points} Punkte</translation>
    </message>
    <message>
      <source>, going on from step {step}</source>
      <translation>, weiter ab Schritt {step}</translation>
    </message>
    <message>
      <source>, loss {loss}</source>
      <translation>, Verlust {loss}</translation>
    </message>
    <message>
      <source>, on this machine</source>
      <translation>, auf diesem Rechner</translation>
    </message>
    <message>
      <source>, then stopped</source>
      <translation>, dann angehalten</translation>
    </message>
    <message>
      <source>, {size} of it here already</source>
      <translation>, davon {size} schon hier</translation>
    </message>
    <message>
      <source>1 mask on this image</source>
      <translation>1 Maske in diesem Bild</translation>
    </message>
    <message>
      <source>1 suggestion</source>
      <translation>1 Vorschlag</translation>
    </message>
    <message>
      <source>1 word</source>
      <translation>1 Wort</translation>
    </message>
    <message>
      <source>100 %</source>
      <translation>100 %</translation>
    </message>
    <message>
      <source>: {done} of {total}</source>
      <translation>: {done} von {total}</translation>
    </message>
    <message>
      <source>; {left} regions and {names} names were left out</source>
      <translation>; {left} Regionen und {names} Namen wurden ausgelassen</translation>
    </message>
    <message>
      <source>&lt;b&gt;Cascade-CLIP {version}&lt;/b&gt;&lt;p&gt;Segments images by words, on this computer alone.&lt;/p&gt;
&lt;p&gt;The method is Cascade-CLIP (Li et al., ICML 2024). Suggestions are the model's, masks are
yours; every change is saved at once.&lt;/p&gt;</source>
      <translation>&lt;b&gt;Cascade-CLIP {version}&lt;/b&gt;&lt;p&gt;Segmentiert Bilder nach Wörtern, allein auf diesem Rechner.&lt;/p&gt;
&lt;p&gt;Das Verfahren ist Cascade-CLIP (Li et al., ICML 2024). Vorschläge sind vom Modell, Masken von
Ihnen; jede Änderung wird sofort gespeichert.&lt;/p&gt;</translation>
    </message>
    <message>
      <source>A .pth of Cascade-CLIP's, ZegCLIP's or SPT-SEG's code</source>
      <translation>Eine .pth aus dem Code von Cascade-CLIP, ZegCLIP oder SPT-SEG</translation>
    </message>
    <message>
      <source>A classifier of the marked pixels changes nothing for the better on the corrected images. Correct more images, or try another recipe.</source>
      <translation>Ein Klassifikator der markierten Pixel verbessert auf den korrigierten Bildern nichts. Korrigieren Sie weitere Bilder, oder lernen Sie auf andere Weise.</translation>
    </message>
    <message>
      <source>A file, replaced whole</source>
      <translation>Eine Datei, im Ganzen ersetzt</translation>
    </message>
    <message>
      <source>A folder of its own</source>
      <translation>Ein eigener Ordner</translation>
    </message>
    <message>
      <source>A hidden word keeps its masks and its suggestions</source>
      <translation>Ein verborgenes Wort behält seine Masken und Vorschläge</translation>
    </message>
    <message>
      <source>A word needs a name; type at least one letter.</source>
      <translation>Ein Wort braucht einen Namen; tippen Sie mindestens einen Buchstaben.</translation>
    </message>
    <message>
      <source>About</source>
      <translation>Über</translation>
    </message>
    <message>
      <source>Accept</source>
      <translation>Annehmen</translation>
    </message>
    <message>
      <source>Accept a suggestion, or {hint}.</source>
      <translation>Nehmen Sie einen Vorschlag an oder {hint}.</translation>
    </message>
    <message>
      <source>Accept a suggestion, select a mask</source>
      <translation>Nimmt einen Vorschlag an, wählt eine Maske</translation>
    </message>
    <message>
      <source>Accept all</source>
      <translation>Alle annehmen</translation>
    </message>
    <message>
      <source>Accept all {count}</source>
      <translation>Alle {count} annehmen</translation>
    </message>
    <message>
      <source>Accept as {word}</source>
      <translation>Als {word} annehmen</translation>
    </message>
    <message>
      <source>Accept on all images</source>
      <translation>Auf allen Bildern annehmen</translation>
    </message>
    <message>
      <source>Accept on all images...</source>
      <translation>Auf allen Bildern annehmen...</translation>
    </message>
    <message>
      <source>Accept suggestion</source>
      <translation>Vorschlag annehmen</translation>
    </message>
    <message>
      <source>Accepted {count}</source>
      <translation>{count} angenommen</translation>
    </message>
    <message>
      <source>Accepted {count} on {images} images</source>
      <translation>{count} angenommen, auf {images} Bildern</translation>
    </message>
    <message>
      <source>Accepting was stopped; nothing was changed.</source>
      <translation>Das Annehmen wurde abgebrochen; nichts wurde geändert.</translation>
    </message>
    <message>
      <source>Action</source>
      <translation>Aktion</translation>
    </message>
    <message>
      <source>Actions and their keys</source>
      <translation>Aktionen und ihre Tasten</translation>
    </message>
    <message>
      <source>Add images...</source>
      <translation>Bilder hinzufügen...</translation>
    </message>
    <message>
      <source>Add the images of a folder</source>
      <translation>Die Bilder eines Ordners hinzufügen</translation>
    </message>
    <message>
      <source>Add to the masks that are there</source>
      <translation>Zu den vorhandenen Masken hinzufügen</translation>
    </message>
    <message>
      <source>Added {count} images</source>
      <translation>{count} Bilder hinzugefügt</translation>
    </message>
    <message>
      <source>After</source>
      <translation>Nachher</translation>
    </message>
    <message>
      <source>After some reviewed images: Model, Retrain. The new version is measured beside the old one and used only if it is better. {keys} shows all keys.</source>
      <translation>Nach einigen geprüften Bildern: Modell, Neu trainieren. Die neue Version wird neben der alten gemessen und nur benutzt, wenn sie besser ist. {keys} zeigt alle Tasten.</translation>
    </message>
    <message>
      <source>Agree with a click</source>
      <translation>Mit einem Klick zustimmen</translation>
    </message>
    <message>
      <source>All images</source>
      <translation>Alle Bilder</translation>
    </message>
    <message>
      <source>All images are being pre-labelled already.</source>
      <translation>Alle Bilder werden schon vorbeschriftet.</translation>
    </message>
    <message>
      <source>All layers</source>
      <translation>Alle Schichten</translation>
    </message>
    <message>
      <source>All words</source>
      <translation>Alle Wörter</translation>
    </message>
    <message>
      <source>Also what is suggested, with scores, in its own file</source>
      <translation>Auch das Vorgeschlagene, mit Bewertung, in einer eigenen Datei</translation>
    </message>
    <message>
      <source>Alt draws the box itself</source>
      <translation>Alt zeichnet das Rechteck selbst</translation>
    </message>
    <message>
      <source>An OpenAI archive, an open_clip checkpoint or safetensors</source>
      <translation>Ein Archiv von OpenAI, ein Checkpoint von open_clip oder safetensors</translation>
    </message>
    <message>
      <source>An image of {width} x {height} pixels is too thin to be looked at; crop it first.</source>
      <translation>Ein Bild von {width} x {height} Pixeln ist zu schmal; schneiden Sie es erst zu.</translation>
    </message>
    <message>
      <source>Another model is being fetched or read; wait for it, or cancel it.</source>
      <translation>Ein anderes Modell wird gerade geholt oder gelesen; warten Sie oder brechen Sie es ab.</translation>
    </message>
    <message>
      <source>Another run</source>
      <translation>Noch ein Lauf</translation>
    </message>
    <message>
      <source>Any word</source>
      <translation>Jedes Wort</translation>
    </message>
    <message>
      <source>As for all words</source>
      <translation>Wie für alle Wörter</translation>
    </message>
    <message>
      <source>As is usual in the format</source>
      <translation>Wie in diesem Format üblich</translation>
    </message>
    <message>
      <source>As the system</source>
      <translation>Wie das System</translation>
    </message>
    <message>
      <source>Author</source>
      <translation>Urheber</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>Zurück</translation>
    </message>
    <message>
      <source>Back up</source>
      <translation>Sichern</translation>
    </message>
    <message>
      <source>Back up...</source>
      <translation>Sichern...</translation>
    </message>
    <message>
      <source>Be shown around, on the demo</source>
      <translation>Herumgeführt werden, am Beispiel</translation>
    </message>
    <message>
      <source>Before</source>
      <translation>Vorher</translation>
    </message>
    <message>
      <source>Before and after</source>
      <translation>Vorher und nachher</translation>
    </message>
    <message>
      <source>Begin with</source>
      <translation>Beginnen mit</translation>
    </message>
    <message>
      <source>Belongs to it</source>
      <translation>Gehört dazu</translation>
    </message>
    <message>
      <source>Better on the whole ({whyTold}), but {whyBut}.</source>
      <translation>Im Ganzen besser ({whyTold}), aber {whyBut}.</translation>
    </message>
    <message>
      <source>Better: {whyTold}.</source>
      <translation>Besser: {whyTold}.</translation>
    </message>
    <message>
      <source>Box</source>
      <translation>Rechteck</translation>
    </message>
    <message>
      <source>Boxes</source>
      <translation>Rechtecke</translation>
    </message>
    <message>
      <source>Boxes, as suggestions</source>
      <translation>Rechtecke, als Vorschläge</translation>
    </message>
    <message>
      <source>Brightness</source>
      <translation>Helligkeit</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>Pinsel</translation>
    </message>
    <message>
      <source>By its place</source>
      <translation>Nach seinem Platz</translation>
    </message>
    <message>
      <source>By name</source>
      <translation>Nach Namen</translation>
    </message>
    <message>
      <source>By worth</source>
      <translation>Nach Nutzen</translation>
    </message>
    <message>
      <source>CLIP's weights from the network or a file, or a checkpoint</source>
      <translation>Gewichte von CLIP aus dem Netz oder einer Datei, oder ein Checkpoint</translation>
    </message>
    <message>
      <source>CLIP's weights let the program see photographs. They are fetched once, checked, and read from this machine from then on.</source>
      <translation>Mit den Gewichten von CLIP sieht das Programm Fotografien. Sie werden einmal geholt, geprüft und von da an von diesem Rechner gelesen.</translation>
    </message>
    <message>
      <source>COCO</source>
      <translation>COCO</translation>
    </message>
    <message>
      <source>COCO, exact masks (RLE)</source>
      <translation>COCO, genaue Masken (RLE)</translation>
    </message>
    <message>
      <source>COCO, one mask per word</source>
      <translation>COCO, eine Maske je Wort</translation>
    </message>
    <message>
      <source>COCO, panoptic</source>
      <translation>COCO, panoptisch</translation>
    </message>
    <message>
      <source>COCO, polygons</source>
      <translation>COCO, Polygone</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Cancel the job</source>
      <translation>Den Auftrag abbrechen</translation>
    </message>
    <message>
      <source>Cancel: {title}</source>
      <translation>Abbrechen: {title}</translation>
    </message>
    <message>
      <source>Change keys</source>
      <translation>Tasten ändern</translation>
    </message>
    <message>
      <source>Change keys...</source>
      <translation>Tasten ändern...</translation>
    </message>
    <message>
      <source>Change the words</source>
      <translation>Die Wörter ändern</translation>
    </message>
    <message>
      <source>Changed since it was added: {path}</source>
      <translation>Seit dem Hinzufügen verändert: {path}</translation>
    </message>
    <message>
      <source>Check project</source>
      <translation>Projekt prüfen</translation>
    </message>
    <message>
      <source>Check project...</source>
      <translation>Projekt prüfen...</translation>
    </message>
    <message>
      <source>Checked</source>
      <translation>Geprüft</translation>
    </message>
    <message>
      <source>Choose a model</source>
      <translation>Ein Modell wählen</translation>
    </message>
    <message>
      <source>Choose how to learn, and train again</source>
      <translation>Wählen, wie gelernt wird, und noch einmal trainieren</translation>
    </message>
    <message>
      <source>Choose one more mask, to merge or subtract</source>
      <translation>Wählen Sie eine weitere Maske, um zu vereinen oder abzuziehen</translation>
    </message>
    <message>
      <source>Choose where to write it.</source>
      <translation>Wählen Sie, wohin geschrieben wird.</translation>
    </message>
    <message>
      <source>Choose...</source>
      <translation>Wählen...</translation>
    </message>
    <message>
      <source>Click</source>
      <translation>Klick</translation>
    </message>
    <message>
      <source>Click accepts a suggestion or selects a mask, Shift chooses more</source>
      <translation>Ein Klick nimmt einen Vorschlag an oder wählt eine Maske, Umschalt wählt weitere</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Close this note</source>
      <translation>Diesen Hinweis schließen</translation>
    </message>
    <message>
      <source>Colour</source>
      <translation>Farbe</translation>
    </message>
    <message>
      <source>Colour {colour}</source>
      <translation>Farbe {colour}</translation>
    </message>
    <message>
      <source>Compare two versions</source>
      <translation>Zwei Versionen vergleichen</translation>
    </message>
    <message>
      <source>Compare two versions...</source>
      <translation>Zwei Versionen vergleichen...</translation>
    </message>
    <message>
      <source>Compare with the model</source>
      <translation>Mit dem Modell vergleichen</translation>
    </message>
    <message>
      <source>Compare...</source>
      <translation>Vergleichen...</translation>
    </message>
    <message>
      <source>Compared with the model</source>
      <translation>Verglichen mit dem Modell</translation>
    </message>
    <message>
      <source>Contrast</source>
      <translation>Kontrast</translation>
    </message>
    <message>
      <source>Copied: {name}</source>
      <translation>Kopiert: {name}</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>Kopieren</translation>
    </message>
    <message>
      <source>Copy a mask first.</source>
      <translation>Kopieren Sie erst eine Maske.</translation>
    </message>
    <message>
      <source>Copy mask</source>
      <translation>Maske kopieren</translation>
    </message>
    <message>
      <source>Correct what is not right</source>
      <translation>Verbessern, was nicht stimmt</translation>
    </message>
    <message>
      <source>Counting</source>
      <translation>Zählt</translation>
    </message>
    <message>
      <source>Crowd regions</source>
      <translation>Sammelregionen</translation>
    </message>
    <message>
      <source>Ctrl erases</source>
      <translation>Strg radiert</translation>
    </message>
    <message>
      <source>Ctrl paints</source>
      <translation>Strg malt</translation>
    </message>
    <message>
      <source>Dashed outlines are suggestions. Click one to make it a mask, or go through them with {walk}: {accept} accepts, {reject} rejects.</source>
      <translation>Gestrichelte Umrisse sind Vorschläge. Klicken Sie einen an, um ihn zur Maske zu machen, oder gehen Sie sie mit {walk} durch: {accept} nimmt an, {reject} lehnt ab.</translation>
    </message>
    <message>
      <source>Delete</source>
      <translation>Löschen</translation>
    </message>
    <message>
      <source>Delete mask</source>
      <translation>Maske löschen</translation>
    </message>
    <message>
      <source>Deselect</source>
      <translation>Auswahl aufheben</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>Gerät</translation>
    </message>
    <message>
      <source>Do not paint over other masks</source>
      <translation>Nicht über andere Masken malen</translation>
    </message>
    <message>
      <source>Does not</source>
      <translation>Gehört nicht dazu</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>Fertig</translation>
    </message>
    <message>
      <source>Done again</source>
      <translation>Wiederholt</translation>
    </message>
    <message>
      <source>Download</source>
      <translation>Herunterladen</translation>
    </message>
    <message>
      <source>Downloading {title}</source>
      <translation>{title} wird heruntergeladen</translation>
    </message>
    <message>
      <source>Drag a line across the selected mask</source>
      <translation>Ziehen Sie eine Linie quer durch die gewählte Maske</translation>
    </message>
    <message>
      <source>Draw some small scenes and open them</source>
      <translation>Einige kleine Szenen zeichnen und öffnen</translation>
    </message>
    <message>
      <source>Duplicate mask</source>
      <translation>Maske verdoppeln</translation>
    </message>
    <message>
      <source>Earlier boxes to take out</source>
      <translation>Frühere Rechtecke, die entfernt werden</translation>
    </message>
    <message>
      <source>Edit</source>
      <translation>Bearbeiten</translation>
    </message>
    <message>
      <source>Empty the field</source>
      <translation>Das Feld leeren</translation>
    </message>
    <message>
      <source>Equal images stay together</source>
      <translation>Gleiche Bilder bleiben zusammen</translation>
    </message>
    <message>
      <source>Eraser</source>
      <translation>Radierer</translation>
    </message>
    <message>
      <source>Every change is written at once</source>
      <translation>Jede Änderung wird sofort geschrieben</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>Exportieren</translation>
    </message>
    <message>
      <source>Export COCO</source>
      <translation>COCO exportieren</translation>
    </message>
    <message>
      <source>Export COCO...</source>
      <translation>COCO exportieren...</translation>
    </message>
    <message>
      <source>Export into a folder</source>
      <translation>In einen Ordner exportieren</translation>
    </message>
    <message>
      <source>Export was stopped; nothing was written.</source>
      <translation>Der Export wurde angehalten; nichts wurde geschrieben.</translation>
    </message>
    <message>
      <source>Export words</source>
      <translation>Wörter exportieren</translation>
    </message>
    <message>
      <source>Export words...</source>
      <translation>Wörter exportieren...</translation>
    </message>
    <message>
      <source>Export...</source>
      <translation>Exportieren...</translation>
    </message>
    <message>
      <source>Exported {annotations} masks on {images} images to {path}</source>
      <translation>{annotations} Masken in {images} Bildern nach {path} exportiert</translation>
    </message>
    <message>
      <source>Exported {count} to {path}</source>
      <translation>{count} nach {path} exportiert</translation>
    </message>
    <message>
      <source>Exported {masks} masks on {images} images to {path}</source>
      <translation>{masks} Masken in {images} Bildern nach {path} exportiert</translation>
    </message>
    <message>
      <source>F2 or right click: change. Drag, or Ctrl with an arrow: move</source>
      <translation>F2 oder Rechtsklick: ändern. Ziehen, oder Strg mit Pfeil: verschieben</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <source>File or folder</source>
      <translation>Datei oder Ordner</translation>
    </message>
    <message>
      <source>File...</source>
      <translation>Datei...</translation>
    </message>
    <message>
      <source>Files ({kind})</source>
      <translation>Dateien ({kind})</translation>
    </message>
    <message>
      <source>Fill holes</source>
      <translation>Löcher füllen</translation>
    </message>
    <message>
      <source>Filled dot: the model was trained on it</source>
      <translation>Voller Punkt: Das Modell wurde darauf trainiert</translation>
    </message>
    <message>
      <source>Find by name</source>
      <translation>Nach Namen suchen</translation>
    </message>
    <message>
      <source>Find image</source>
      <translation>Bild suchen</translation>
    </message>
    <message>
      <source>Find images by name</source>
      <translation>Bilder nach Namen suchen</translation>
    </message>
    <message>
      <source>Find the thing in the box</source>
      <translation>Das Ding im Rechteck finden</translation>
    </message>
    <message>
      <source>First words</source>
      <translation>Erste Wörter</translation>
    </message>
    <message>
      <source>Fit image</source>
      <translation>Bild einpassen</translation>
    </message>
    <message>
      <source>Fit width</source>
      <translation>Breite einpassen</translation>
    </message>
    <message>
      <source>Folder...</source>
      <translation>Ordner...</translation>
    </message>
    <message>
      <source>Folders stay together</source>
      <translation>Ordner bleiben zusammen</translation>
    </message>
    <message>
      <source>Format</source>
      <translation>Format</translation>
    </message>
    <message>
      <source>From</source>
      <translation>Von</translation>
    </message>
    <message>
      <source>Full: prompts too, long without a GPU</source>
      <translation>Voll: auch Prompts, ohne GPU langwierig</translation>
    </message>
    <message>
      <source>Gain</source>
      <translation>Gewinn</translation>
    </message>
    <message>
      <source>Get a larger model</source>
      <translation>Ein größeres Modell holen</translation>
    </message>
    <message>
      <source>Get a model</source>
      <translation>Ein Modell holen</translation>
    </message>
    <message>
      <source>Get a model...</source>
      <translation>Ein Modell holen...</translation>
    </message>
    <message>
      <source>Give key</source>
      <translation>Taste geben</translation>
    </message>
    <message>
      <source>Go on with the model from before</source>
      <translation>Mit dem Modell von vorher weitermachen</translation>
    </message>
    <message>
      <source>Graphics card (CUDA)</source>
      <translation>Grafikkarte (CUDA)</translation>
    </message>
    <message>
      <source>Grow</source>
      <translation>Vergrößern</translation>
    </message>
    <message>
      <source>Grown from no other version</source>
      <translation>Aus keiner anderen Version entstanden</translation>
    </message>
    <message>
      <source>Grown from {name}</source>
      <translation>Entstanden aus {name}</translation>
    </message>
    <message>
      <source>Help</source>
      <translation>Hilfe</translation>
    </message>
    <message>
      <source>Hidden on the image; its masks are all there</source>
      <translation>Im Bild verborgen; seine Masken sind alle da</translation>
    </message>
    <message>
      <source>Hide masks</source>
      <translation>Masken verbergen</translation>
    </message>
    <message>
      <source>Hold and drag to move the image</source>
      <translation>Halten und ziehen verschiebt das Bild</translation>
    </message>
    <message>
      <source>Hold to see the image without masks</source>
      <translation>Halten zeigt das Bild ohne Masken</translation>
    </message>
    <message>
      <source>Hole</source>
      <translation>Loch</translation>
    </message>
    <message>
      <source>How many</source>
      <translation>Wie viele</translation>
    </message>
    <message>
      <source>How marked pixels look: seconds</source>
      <translation>Wie Markiertes aussieht: Sekunden</translation>
    </message>
    <message>
      <source>How masks and image look</source>
      <translation>Wie Masken und Bild aussehen</translation>
    </message>
    <message>
      <source>How masks and image look; nothing of it is stored</source>
      <translation>Wie Masken und Bild aussehen; nichts davon wird gespeichert</translation>
    </message>
    <message>
      <source>How sure must the model be</source>
      <translation>Wie sicher das Modell sein muss</translation>
    </message>
    <message>
      <source>How sure the model must be. Moving it infers nothing again.</source>
      <translation>Wie sicher das Modell sein muss. Beim Verschieben wird nichts neu berechnet.</translation>
    </message>
    <message>
      <source>How to learn</source>
      <translation>Wie gelernt wird</translation>
    </message>
    <message>
      <source>How to learn from the corrections, the cheapest way first</source>
      <translation>Wie aus den Korrekturen gelernt wird, das Billigste zuerst</translation>
    </message>
    <message>
      <source>How training goes</source>
      <translation>Wie das Training läuft</translation>
    </message>
    <message>
      <source>Image</source>
      <translation>Bild</translation>
    </message>
    <message>
      <source>Image pixel under the pointer</source>
      <translation>Bildpunkt unter dem Zeiger</translation>
    </message>
    <message>
      <source>Image {number}: {right}</source>
      <translation>Bild {number}: {right}</translation>
    </message>
    <message>
      <source>Images</source>
      <translation>Bilder</translation>
    </message>
    <message>
      <source>Images are found by their names; boxes become suggestions.</source>
      <translation>Bilder werden nach ihren Namen gefunden; Rechtecke werden Vorschläge.</translation>
    </message>
    <message>
      <source>Images found by their names</source>
      <translation>Nach Namen gefundene Bilder</translation>
    </message>
    <message>
      <source>Images of which word</source>
      <translation>Bilder mit welchem Wort</translation>
    </message>
    <message>
      <source>Images that need a look</source>
      <translation>Bilder, die man ansehen sollte</translation>
    </message>
    <message>
      <source>Images: {complete} complete, {partial} partly marked; {held_out} more only measure.</source>
      <translation>Bilder: {complete} vollständig, {partial} teilweise markiert; {held_out} weitere messen nur.</translation>
    </message>
    <message>
      <source>Import</source>
      <translation>Importieren</translation>
    </message>
    <message>
      <source>Import a Cascade-CLIP checkpoint</source>
      <translation>Einen Checkpoint von Cascade-CLIP importieren</translation>
    </message>
    <message>
      <source>Import a file</source>
      <translation>Eine Datei importieren</translation>
    </message>
    <message>
      <source>Import a folder</source>
      <translation>Einen Ordner importieren</translation>
    </message>
    <message>
      <source>Import checkpoint...</source>
      <translation>Checkpoint importieren...</translation>
    </message>
    <message>
      <source>Import was stopped; nothing was changed.</source>
      <translation>Der Import wurde angehalten; nichts wurde geändert.</translation>
    </message>
    <message>
      <source>Import words</source>
      <translation>Wörter importieren</translation>
    </message>
    <message>
      <source>Import words...</source>
      <translation>Wörter importieren...</translation>
    </message>
    <message>
      <source>Import...</source>
      <translation>Importieren...</translation>
    </message>
    <message>
      <source>Imported {masks} masks and {boxes} boxes on {images} images</source>
      <translation>{masks} Masken und {boxes} Rechtecke in {images} Bildern importiert</translation>
    </message>
    <message>
      <source>Imports</source>
      <translation>Importe</translation>
    </message>
    <message>
      <source>In use</source>
      <translation>In Gebrauch</translation>
    </message>
    <message>
      <source>It goes {share} % of the way to what was trained.</source>
      <translation>Sie geht {share} % des Weges zu dem, was trainiert wurde.</translation>
    </message>
    <message>
      <source>It was stopped; nothing was taken back.</source>
      <translation>Angehalten; nichts wurde zurückgenommen.</translation>
    </message>
    <message>
      <source>Its masks stay in the project</source>
      <translation>Seine Masken bleiben im Projekt</translation>
    </message>
    <message>
      <source>Its own</source>
      <translation>Eigene</translation>
    </message>
    <message>
      <source>Job in the background</source>
      <translation>Auftrag im Hintergrund</translation>
    </message>
    <message>
      <source>Job progress</source>
      <translation>Fortschritt des Auftrags</translation>
    </message>
    <message>
      <source>Keep</source>
      <translation>Behalten</translation>
    </message>
    <message>
      <source>Keep the old one</source>
      <translation>Das alte behalten</translation>
    </message>
    <message>
      <source>Keep zoom from image to image</source>
      <translation>Zoom von Bild zu Bild behalten</translation>
    </message>
    <message>
      <source>Kept for each image, also after a restart.</source>
      <translation>Für jedes Bild behalten, auch nach einem Neustart.</translation>
    </message>
    <message>
      <source>Key {key}</source>
      <translation>Taste {key}</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>Tasten</translation>
    </message>
    <message>
      <source>Keys to begin with</source>
      <translation>Tasten, mit denen begonnen wird</translation>
    </message>
    <message>
      <source>Knife</source>
      <translation>Messer</translation>
    </message>
    <message>
      <source>Known for {known} of {unreviewed} unreviewed images; the others follow by name.</source>
      <translation>Bekannt für {known} von {unreviewed} ungeprüften Bildern; die anderen folgen nach Namen.</translation>
    </message>
    <message>
      <source>Label images (PNG)</source>
      <translation>Labelbilder (PNG)</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>Sprache</translation>
    </message>
    <message>
      <source>Larger brush, more tolerance</source>
      <translation>Größerer Pinsel, mehr Toleranz</translation>
    </message>
    <message>
      <source>Last decode</source>
      <translation>Letztes Dekodieren</translation>
    </message>
    <message>
      <source>Last encode</source>
      <translation>Letztes Kodieren</translation>
    </message>
    <message>
      <source>Last encoding of an image and decoding of words</source>
      <translation>Letztes Kodieren eines Bildes und Dekodieren der Wörter</translation>
    </message>
    <message>
      <source>Layers that are compared</source>
      <translation>Schichten, die verglichen werden</translation>
    </message>
    <message>
      <source>Layers {number}</source>
      <translation>Schichten {number}</translation>
    </message>
    <message>
      <source>Learnt from</source>
      <translation>Gelernt</translation>
    </message>
    <message>
      <source>Least area</source>
      <translation>Kleinste Fläche</translation>
    </message>
    <message>
      <source>Least score</source>
      <translation>Mindestwert</translation>
    </message>
    <message>
      <source>Leave images with masks alone</source>
      <translation>Bilder mit Masken in Ruhe lassen</translation>
    </message>
    <message>
      <source>Leave them out</source>
      <translation>Auslassen</translation>
    </message>
    <message>
      <source>Leave them where they are</source>
      <translation>Lassen, wo sie sind</translation>
    </message>
    <message>
      <source>Left</source>
      <translation>Links</translation>
    </message>
    <message>
      <source>Left out: {what}</source>
      <translation>Ausgelassen: {what}</translation>
    </message>
    <message>
      <source>Let the chosen version speak from now on</source>
      <translation>Von nun an die gewählte Version sprechen lassen</translation>
    </message>
    <message>
      <source>Let the model learn from you</source>
      <translation>Das Modell von Ihnen lernen lassen</translation>
    </message>
    <message>
      <source>Licence</source>
      <translation>Lizenz</translation>
    </message>
    <message>
      <source>Link</source>
      <translation>Verknüpfen</translation>
    </message>
    <message>
      <source>Look</source>
      <translation>Ansicht</translation>
    </message>
    <message>
      <source>Look for missing images in a folder</source>
      <translation>Fehlende Bilder in einem Ordner suchen</translation>
    </message>
    <message>
      <source>Look in a folder...</source>
      <translation>In einem Ordner suchen...</translation>
    </message>
    <message>
      <source>Looking at what there is.</source>
      <translation>Es wird nachgesehen, was es gibt.</translation>
    </message>
    <message>
      <source>Loss</source>
      <translation>Verlust</translation>
    </message>
    <message>
      <source>Loss over steps</source>
      <translation>Verlust über die Schritte</translation>
    </message>
    <message>
      <source>Loss {last} after step {step} of {length}, {first} at first.</source>
      <translation>Verlust {last} nach Schritt {step} von {length}, anfangs {first}.</translation>
    </message>
    <message>
      <source>Low agreement</source>
      <translation>Geringe Übereinstimmung</translation>
    </message>
    <message>
      <source>Low agreement: the model's suggestions cover less than .70 of the masks</source>
      <translation>Geringe Übereinstimmung: Die Vorschläge des Modells decken weniger als .70 der Masken</translation>
    </message>
    <message>
      <source>M</source>
      <translation>M</translation>
    </message>
    <message>
      <source>Make every suggestion on the screen a mask</source>
      <translation>Jeden Vorschlag auf dem Bildschirm zur Maske machen</translation>
    </message>
    <message>
      <source>Mark as reviewed</source>
      <translation>Als geprüft markieren</translation>
    </message>
    <message>
      <source>Marked as reviewed</source>
      <translation>Als geprüft markiert</translation>
    </message>
    <message>
      <source>Mask number {number} is no longer there; load it again.</source>
      <translation>Maske Nummer {number} ist nicht mehr da; laden Sie neu.</translation>
    </message>
    <message>
      <source>Masks</source>
      <translation>Masken</translation>
    </message>
    <message>
      <source>Masks added</source>
      <translation>Neue Masken</translation>
    </message>
    <message>
      <source>Masks and boxes that were changed since the import are kept.</source>
      <translation>Masken und Rechtecke, die seit dem Import geändert wurden, bleiben erhalten.</translation>
    </message>
    <message>
      <source>Masks taken out</source>
      <translation>Entfernte Masken</translation>
    </message>
    <message>
      <source>Masks there already or left alone</source>
      <translation>Masken, die schon da sind oder in Ruhe gelassen werden</translation>
    </message>
    <message>
      <source>Masks to add</source>
      <translation>Masken, die hinzukommen</translation>
    </message>
    <message>
      <source>Masks to take out</source>
      <translation>Masken, die entfernt werden</translation>
    </message>
    <message>
      <source>Masks: {count} ({named}).</source>
      <translation>Masken: {count} ({named}).</translation>
    </message>
    <message>
      <source>Masks: {masks}, suggestions: {suggestions}</source>
      <translation>Masken: {masks}, Vorschläge: {suggestions}</translation>
    </message>
    <message>
      <source>Measured before and after on the same images, which training never saw</source>
      <translation>Vorher und nachher an denselben Bildern gemessen, die das Training nie sah</translation>
    </message>
    <message>
      <source>Memory</source>
      <translation>Speicher</translation>
    </message>
    <message>
      <source>Memory ran out: windows now go {count} at a time.</source>
      <translation>Der Speicher ging aus: es gehen nun {count} Ausschnitte zugleich.</translation>
    </message>
    <message>
      <source>Merge with the chosen</source>
      <translation>Mit den gewählten vereinen</translation>
    </message>
    <message>
      <source>Middle click: hide or show on the image</source>
      <translation>Mittelklick: im Bild verbergen oder zeigen</translation>
    </message>
    <message>
      <source>Missing: {path}</source>
      <translation>Fehlt: {path}</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>Model and masks agree to {share} %</source>
      <translation>Modell und Masken stimmen zu {share} % überein</translation>
    </message>
    <message>
      <source>Model and version</source>
      <translation>Modell und Version</translation>
    </message>
    <message>
      <source>Model and versions</source>
      <translation>Modell und Versionen</translation>
    </message>
    <message>
      <source>Model versions</source>
      <translation>Modellversionen</translation>
    </message>
    <message>
      <source>More names without an image</source>
      <translation>Weitere Namen ohne Bild</translation>
    </message>
    <message>
      <source>Moved: {old} is now {new}</source>
      <translation>Verschoben: {old} ist jetzt {new}</translation>
    </message>
    <message>
      <source>My own sentences</source>
      <translation>Meine eigenen Sätze</translation>
    </message>
    <message>
      <source>Name without an image</source>
      <translation>Name ohne Bild</translation>
    </message>
    <message>
      <source>Navigator</source>
      <translation>Navigator</translation>
    </message>
    <message>
      <source>Negative: takes pixels away from other words, never suggested</source>
      <translation>Negativ: nimmt anderen Wörtern Pixel weg, wird nie vorgeschlagen</translation>
    </message>
    <message>
      <source>New key of the chosen action</source>
      <translation>Neue Taste der gewählten Aktion</translation>
    </message>
    <message>
      <source>New words</source>
      <translation>Neue Wörter</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <source>Next image</source>
      <translation>Nächstes Bild</translation>
    </message>
    <message>
      <source>Next suggestion</source>
      <translation>Nächster Vorschlag</translation>
    </message>
    <message>
      <source>Next unreviewed image</source>
      <translation>Nächstes ungeprüftes Bild</translation>
    </message>
    <message>
      <source>No graphics card answers through CUDA here; choose the device auto or cpu.</source>
      <translation>Hier antwortet keine Grafikkarte über CUDA; wählen Sie das Gerät auto oder cpu.</translation>
    </message>
    <message>
      <source>No image has masks yet: accept a suggestion, or draw with the brush.</source>
      <translation>Noch kein Bild hat Masken: Nehmen Sie einen Vorschlag an oder zeichnen Sie mit dem Pinsel.</translation>
    </message>
    <message>
      <source>No image has suggestions: type a word, or Model &gt; Pre-label all images.</source>
      <translation>Kein Bild hat Vorschläge: Tippen Sie ein Wort, oder Modell &gt; Alle Bilder vorbeschriften.</translation>
    </message>
    <message>
      <source>No image is known to differ from the model. It compares when an image with masks is opened or pre-labelled.</source>
      <translation>Von keinem Bild ist bekannt, dass es vom Modell abweicht. Verglichen wird, wenn ein Bild mit Masken geöffnet oder vorbeschriftet wird.</translation>
    </message>
    <message>
      <source>No image is reviewed yet: K marks the open one when you have finished.</source>
      <translation>Noch ist kein Bild geprüft: K markiert das offene, wenn Sie fertig sind.</translation>
    </message>
    <message>
      <source>No image of the {total} fits: clear the search, or show all images.</source>
      <translation>Keines der {total} Bilder passt: Leeren Sie die Suche oder zeigen Sie alle Bilder.</translation>
    </message>
    <message>
      <source>No images were found in {folder}.</source>
      <translation>In {folder} wurden keine Bilder gefunden.</translation>
    </message>
    <message>
      <source>No images yet. Open a folder, or add one with File &gt; Add images.</source>
      <translation>Noch keine Bilder. Öffnen Sie einen Ordner oder fügen Sie einen mit Datei &gt; Bilder hinzufügen hinzu.</translation>
    </message>
    <message>
      <source>No key</source>
      <translation>Keine Taste</translation>
    </message>
    <message>
      <source>No longer marked as reviewed</source>
      <translation>Nicht mehr als geprüft markiert</translation>
    </message>
    <message>
      <source>No longer reviewed</source>
      <translation>Nicht mehr geprüft</translation>
    </message>
    <message>
      <source>No model</source>
      <translation>Kein Modell</translation>
    </message>
    <message>
      <source>No model has looked at the images yet: Model &gt; Pre-label all images does.</source>
      <translation>Noch kein Modell hat die Bilder angesehen: Modell &gt; Alle Bilder vorbeschriften tut es.</translation>
    </message>
    <message>
      <source>No model speaks yet: wait until it is loaded.</source>
      <translation>Noch spricht kein Modell: Warten Sie, bis es geladen ist.</translation>
    </message>
    <message>
      <source>No new words in {name}</source>
      <translation>Keine neuen Wörter in {name}</translation>
    </message>
    <message>
      <source>No other image of this list is unreviewed.</source>
      <translation>Kein anderes Bild dieser Liste ist ungeprüft.</translation>
    </message>
    <message>
      <source>No outline that differs much.</source>
      <translation>Kein Umriss, der sehr abweicht.</translation>
    </message>
    <message>
      <source>No trained model is active, so there is none to go back from.</source>
      <translation>Kein trainiertes Modell ist in Gebrauch, also gibt es keines, von dem es zurückgeht.</translation>
    </message>
    <message>
      <source>None of your masks.</source>
      <translation>Keine Ihrer Masken.</translation>
    </message>
    <message>
      <source>Not better enough: {whyTold}.</source>
      <translation>Nicht genug besser: {whyTold}.</translation>
    </message>
    <message>
      <source>Note</source>
      <translation>Hinweis</translation>
    </message>
    <message>
      <source>Nothing above the threshold</source>
      <translation>Nichts über der Schwelle</translation>
    </message>
    <message>
      <source>Nothing above {wanted}: lower the threshold (best is {best}).</source>
      <translation>Nichts über {wanted}: Senken Sie die Schwelle (das Beste ist {best}).</translation>
    </message>
    <message>
      <source>Nothing can be written in {folder}; make it writable or copy the project elsewhere.</source>
      <translation>In {folder} kann nichts geschrieben werden; machen Sie es beschreibbar oder kopieren Sie das Projekt anderswohin.</translation>
    </message>
    <message>
      <source>Nothing in the images to learn from is marked or rejected; correct some more images.</source>
      <translation>In den Bildern zum Lernen ist nichts markiert oder abgelehnt; korrigieren Sie weitere Bilder.</translation>
    </message>
    <message>
      <source>Nothing left to decide on this image.</source>
      <translation>In diesem Bild ist nichts mehr zu entscheiden.</translation>
    </message>
    <message>
      <source>Nothing of this would change the project.</source>
      <translation>Nichts davon würde das Projekt ändern.</translation>
    </message>
    <message>
      <source>Nothing to erase here: begin on a mask, or select one first.</source>
      <translation>Hier ist nichts zu radieren: Beginnen Sie auf einer Maske oder wählen Sie erst eine.</translation>
    </message>
    <message>
      <source>Nothing to take away from: click what belongs to it first.</source>
      <translation>Nichts, wovon etwas wegzunehmen wäre: Klicken Sie erst an, was dazugehört.</translation>
    </message>
    <message>
      <source>Nothing you have not marked.</source>
      <translation>Nichts, was Sie nicht markiert haben.</translation>
    </message>
    <message>
      <source>Number key</source>
      <translation>Zifferntaste</translation>
    </message>
    <message>
      <source>Of {count} images only the first page is used; the first: {value}</source>
      <translation>Von {count} Bildern wird nur die erste Seite benutzt; das erste: {value}</translation>
    </message>
    <message>
      <source>On images that are not learnt from {last}, {first} at first.</source>
      <translation>Auf Bildern, von denen nicht gelernt wird, {last}, anfangs {first}.</translation>
    </message>
    <message>
      <source>On the image</source>
      <translation>Im Bild</translation>
    </message>
    <message>
      <source>On to the next image</source>
      <translation>Weiter zum nächsten Bild</translation>
    </message>
    <message>
      <source>One sentence per line, each with {} where the word goes</source>
      <translation>Ein Satz je Zeile, jeder mit {} an der Stelle des Wortes</translation>
    </message>
    <message>
      <source>One sentence: {sentence}</source>
      <translation>Ein Satz: {sentence}</translation>
    </message>
    <message>
      <source>Only reviewed images</source>
      <translation>Nur geprüfte Bilder</translation>
    </message>
    <message>
      <source>Opacity, brightness, contrast</source>
      <translation>Deckkraft, Helligkeit, Kontrast</translation>
    </message>
    <message>
      <source>Open a folder</source>
      <translation>Einen Ordner öffnen</translation>
    </message>
    <message>
      <source>Open a folder of images</source>
      <translation>Einen Ordner mit Bildern öffnen</translation>
    </message>
    <message>
      <source>Open a folder of images, type what you want to find, and click the masks you agree with. Everything stays on this computer.</source>
      <translation>Öffnen Sie einen Ordner mit Bildern, tippen Sie, was Sie finden wollen, und klicken Sie die Masken an, denen Sie zustimmen. Alles bleibt auf diesem Rechner.</translation>
    </message>
    <message>
      <source>Open a project</source>
      <translation>Ein Projekt öffnen</translation>
    </message>
    <message>
      <source>Open a project folder</source>
      <translation>Einen Projektordner öffnen</translation>
    </message>
    <message>
      <source>Open a project to see its model.</source>
      <translation>Öffnen Sie ein Projekt, um sein Modell zu sehen.</translation>
    </message>
    <message>
      <source>Open an image and type a word to compare versions on it.</source>
      <translation>Öffnen Sie ein Bild und tippen Sie ein Wort, um Versionen daran zu vergleichen.</translation>
    </message>
    <message>
      <source>Open an image to see suggestions.</source>
      <translation>Öffnen Sie ein Bild, um Vorschläge zu sehen.</translation>
    </message>
    <message>
      <source>Open an image to see what the model makes of it.</source>
      <translation>Öffnen Sie ein Bild, um zu sehen, was das Modell daraus macht.</translation>
    </message>
    <message>
      <source>Open folder</source>
      <translation>Ordner öffnen</translation>
    </message>
    <message>
      <source>Open folder...</source>
      <translation>Ordner öffnen...</translation>
    </message>
    <message>
      <source>Open project</source>
      <translation>Projekt öffnen</translation>
    </message>
    <message>
      <source>Open project...</source>
      <translation>Projekt öffnen...</translation>
    </message>
    <message>
      <source>Open the demo</source>
      <translation>Das Beispiel öffnen</translation>
    </message>
    <message>
      <source>Open {name}</source>
      <translation>{name} öffnen</translation>
    </message>
    <message>
      <source>Order of the images</source>
      <translation>Reihenfolge der Bilder</translation>
    </message>
    <message>
      <source>Other images</source>
      <translation>Andere Bilder</translation>
    </message>
    <message>
      <source>Other masks have all of this already; let masks overlap, or erase.</source>
      <translation>Andere Masken haben das alles schon; lassen Sie Masken überlappen, oder radieren Sie.</translation>
    </message>
    <message>
      <source>Other...</source>
      <translation>Andere...</translation>
    </message>
    <message>
      <source>Outlined otherwise {count}</source>
      <translation>Anders umrissen {count}</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation>Umrisse</translation>
    </message>
    <message>
      <source>Outlines follow edges and colours</source>
      <translation>Umrisse folgen Kanten und Farben</translation>
    </message>
    <message>
      <source>Outlines of masks</source>
      <translation>Umrisse der Masken</translation>
    </message>
    <message>
      <source>Outlines within 2 pixels: {before} before, {after} after.</source>
      <translation>Umrisse innerhalb von 2 Pixeln: {before} vorher, {after} nachher.</translation>
    </message>
    <message>
      <source>Paint with the brush ({brush}) and take away with the eraser ({eraser}). Every stroke is saved at once and can be undone.</source>
      <translation>Malen Sie mit dem Pinsel ({brush}) und nehmen Sie mit dem Radierer ({eraser}) weg. Jeder Strich wird sofort gespeichert und kann zurückgenommen werden.</translation>
    </message>
    <message>
      <source>Paste mask</source>
      <translation>Maske einfügen</translation>
    </message>
    <message>
      <source>Point that belongs to it</source>
      <translation>Punkt, der dazugehört</translation>
    </message>
    <message>
      <source>Point that does not</source>
      <translation>Punkt, der nicht dazugehört</translation>
    </message>
    <message>
      <source>Polygon</source>
      <translation>Polygon</translation>
    </message>
    <message>
      <source>Position of the open image</source>
      <translation>Position des offenen Bildes</translation>
    </message>
    <message>
      <source>Pre-label all images</source>
      <translation>Alle Bilder vorbeschriften</translation>
    </message>
    <message>
      <source>Pre-labelling was stopped; what was found is kept.</source>
      <translation>Das Vorbeschriften wurde angehalten; was gefunden wurde, bleibt.</translation>
    </message>
    <message>
      <source>Previous image</source>
      <translation>Voriges Bild</translation>
    </message>
    <message>
      <source>Previous suggestion</source>
      <translation>Voriger Vorschlag</translation>
    </message>
    <message>
      <source>Previous unreviewed image</source>
      <translation>Voriges ungeprüftes Bild</translation>
    </message>
    <message>
      <source>Processor</source>
      <translation>Prozessor</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <source>Project settings</source>
      <translation>Projekteinstellungen</translation>
    </message>
    <message>
      <source>Project settings...</source>
      <translation>Projekteinstellungen...</translation>
    </message>
    <message>
      <source>Prototypes of the marked regions change nothing for the better on the corrected images. Correct more images, or try another recipe.</source>
      <translation>Prototypen der markierten Bereiche verbessern auf den korrigierten Bildern nichts. Korrigieren Sie weitere Bilder, oder lernen Sie auf andere Weise.</translation>
    </message>
    <message>
      <source>Question mark: the model in use has never read this word; what it finds is chance</source>
      <translation>Fragezeichen: Das Modell in Gebrauch hat dieses Wort nie gelesen; was es findet, ist Zufall</translation>
    </message>
    <message>
      <source>Quick, and guess unreviewed images</source>
      <translation>Schnell, und ungeprüfte Bilder erraten</translation>
    </message>
    <message>
      <source>Quick: a minute</source>
      <translation>Schnell: eine Minute</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>Beenden</translation>
    </message>
    <message>
      <source>Reading the images of the project.</source>
      <translation>Die Bilder des Projekts werden gelesen.</translation>
    </message>
    <message>
      <source>Reading {title}</source>
      <translation>{title} wird gelesen</translation>
    </message>
    <message>
      <source>Recent projects</source>
      <translation>Letzte Projekte</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>Wiederholen</translation>
    </message>
    <message>
      <source>Reduce motion</source>
      <translation>Weniger Bewegung</translation>
    </message>
    <message>
      <source>Reject</source>
      <translation>Ablehnen</translation>
    </message>
    <message>
      <source>Reject suggestion</source>
      <translation>Vorschlag ablehnen</translation>
    </message>
    <message>
      <source>Rejected suggestions: {count}.</source>
      <translation>Abgelehnte Vorschläge: {count}.</translation>
    </message>
    <message>
      <source>Remember what is marked: seconds</source>
      <translation>Markiertes merken: Sekunden</translation>
    </message>
    <message>
      <source>Remove the word</source>
      <translation>Das Wort entfernen</translation>
    </message>
    <message>
      <source>Replace the masks of the file's images</source>
      <translation>Die Masken der Bilder in der Datei ersetzen</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>Zurücksetzen</translation>
    </message>
    <message>
      <source>Retrain</source>
      <translation>Neu trainieren</translation>
    </message>
    <message>
      <source>Retrain...</source>
      <translation>Neu trainieren...</translation>
    </message>
    <message>
      <source>Retraining learns from your accepted and drawn masks of reviewed images. Mark images as reviewed with K, then choose Model &gt; Retrain.</source>
      <translation>Das Training lernt aus Ihren angenommenen und gezeichneten Masken geprüfter Bilder. Markieren Sie Bilder mit K als geprüft und wählen Sie dann Modell &gt; Neu trainieren.</translation>
    </message>
    <message>
      <source>Reviewed</source>
      <translation>Geprüft</translation>
    </message>
    <message>
      <source>Reviewed images are left alone.</source>
      <translation>Geprüfte Bilder bleiben, wie sie sind.</translation>
    </message>
    <message>
      <source>Right</source>
      <translation>Rechts</translation>
    </message>
    <message>
      <source>Ring: zero-shot, never trained on it</source>
      <translation>Ring: ohne Beispiel, nie darauf trainiert</translation>
    </message>
    <message>
      <source>Roll back</source>
      <translation>Zurückgehen</translation>
    </message>
    <message>
      <source>Runs by</source>
      <translation>Läuft mit</translation>
    </message>
    <message>
      <source>SHA-256</source>
      <translation>SHA-256</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>Speichern</translation>
    </message>
    <message>
      <source>Say what to look for</source>
      <translation>Sagen, was gesucht wird</translation>
    </message>
    <message>
      <source>Say where each mask comes from</source>
      <translation>Sagen, woher jede Maske kommt</translation>
    </message>
    <message>
      <source>See first what will change.</source>
      <translation>Sehen Sie erst an, was sich ändert.</translation>
    </message>
    <message>
      <source>See what will change</source>
      <translation>Ansehen, was sich ändert</translation>
    </message>
    <message>
      <source>Segment images by words</source>
      <translation>Bilder nach Wörtern segmentieren</translation>
    </message>
    <message>
      <source>Select</source>
      <translation>Auswählen</translation>
    </message>
    <message>
      <source>Select a mask first.</source>
      <translation>Wählen Sie erst eine Maske.</translation>
    </message>
    <message>
      <source>Select a mask, then others with Shift held.</source>
      <translation>Wählen Sie eine Maske, dann weitere mit Umschalt.</translation>
    </message>
    <message>
      <source>Sentences</source>
      <translation>Sätze</translation>
    </message>
    <message>
      <source>Sentences that words are put into</source>
      <translation>Sätze, in die Wörter gesetzt werden</translation>
    </message>
    <message>
      <source>Shade unreviewed area</source>
      <translation>Ungeprüfte Fläche abdunkeln</translation>
    </message>
    <message>
      <source>Shift+Click</source>
      <translation>Umschalt+Klick</translation>
    </message>
    <message>
      <source>Shift+wheel</source>
      <translation>Umschalt+Rad</translation>
    </message>
    <message>
      <source>Show hidden words</source>
      <translation>Verborgene Wörter zeigen</translation>
    </message>
    <message>
      <source>Show likeness</source>
      <translation>Ähnlichkeit zeigen</translation>
    </message>
    <message>
      <source>Show what runs in the background</source>
      <translation>Zeigen, was im Hintergrund läuft</translation>
    </message>
    <message>
      <source>Show where the model is unsure</source>
      <translation>Zeigen, wo das Modell unsicher ist</translation>
    </message>
    <message>
      <source>Shown on the image</source>
      <translation>Im Bild gezeigt</translation>
    </message>
    <message>
      <source>Shrink</source>
      <translation>Verkleinern</translation>
    </message>
    <message>
      <source>Signs every mask made from now on.</source>
      <translation>Unterschreibt jede Maske, die von nun an entsteht.</translation>
    </message>
    <message>
      <source>Similarity wand</source>
      <translation>Ähnlichkeitsstab</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <source>Size of the brush</source>
      <translation>Größe des Pinsels</translation>
    </message>
    <message>
      <source>Size of the brush ({smaller} and {larger})</source>
      <translation>Größe des Pinsels ({smaller} und {larger})</translation>
    </message>
    <message>
      <source>Skip</source>
      <translation>Überspringen</translation>
    </message>
    <message>
      <source>Smaller brush, less tolerance</source>
      <translation>Kleinerer Pinsel, weniger Toleranz</translation>
    </message>
    <message>
      <source>Space</source>
      <translation>Leertaste</translation>
    </message>
    <message>
      <source>Spare other masks</source>
      <translation>Andere Masken schonen</translation>
    </message>
    <message>
      <source>Spellings</source>
      <translation>Schreibweisen</translation>
    </message>
    <message>
      <source>Split</source>
      <translation>Teilen</translation>
    </message>
    <message>
      <source>Split into its parts</source>
      <translation>In seine Teile teilen</translation>
    </message>
    <message>
      <source>Split into {count} masks</source>
      <translation>In {count} Masken geteilt</translation>
    </message>
    <message>
      <source>Stage {number}</source>
      <translation>Stufe {number}</translation>
    </message>
    <message>
      <source>Step</source>
      <translation>Schritt</translation>
    </message>
    <message>
      <source>Step {step} of {total}</source>
      <translation>Schritt {step} von {total}</translation>
    </message>
    <message>
      <source>Steps to undo</source>
      <translation>Schritte zum Zurücknehmen</translation>
    </message>
    <message>
      <source>Stop here</source>
      <translation>Hier anhalten</translation>
    </message>
    <message>
      <source>Stop training; the model in use stays</source>
      <translation>Training anhalten; das Modell in Gebrauch bleibt</translation>
    </message>
    <message>
      <source>Stopped. What arrived is kept, and Download goes on from there.</source>
      <translation>Angehalten. Was ankam, bleibt, und Herunterladen macht dort weiter.</translation>
    </message>
    <message>
      <source>Stopping</source>
      <translation>Wird angehalten</translation>
    </message>
    <message>
      <source>Subtract the chosen</source>
      <translation>Die gewählten abziehen</translation>
    </message>
    <message>
      <source>Suggest again</source>
      <translation>Erneut vorschlagen</translation>
    </message>
    <message>
      <source>Suggestion number {number} was replaced by newer ones; load them again.</source>
      <translation>Vorschlag Nummer {number} wurde durch neuere ersetzt; laden Sie neu.</translation>
    </message>
    <message>
      <source>Suggestions</source>
      <translation>Vorschläge</translation>
    </message>
    <message>
      <source>Sum</source>
      <translation>Summe</translation>
    </message>
    <message>
      <source>Take back</source>
      <translation>Zurücknehmen</translation>
    </message>
    <message>
      <source>Take each as one mask</source>
      <translation>Jede als eine Maske nehmen</translation>
    </message>
    <message>
      <source>Take it back</source>
      <translation>Zurücknehmen</translation>
    </message>
    <message>
      <source>Take the changed files</source>
      <translation>Die geänderten Dateien übernehmen</translation>
    </message>
    <message>
      <source>Taken back on all images</source>
      <translation>Auf allen Bildern zurückgenommen</translation>
    </message>
    <message>
      <source>Templates</source>
      <translation>Satzmuster</translation>
    </message>
    <message>
      <source>Templates...</source>
      <translation>Satzmuster...</translation>
    </message>
    <message>
      <source>Templates: 1 sentence</source>
      <translation>Satzmuster: 1 Satz</translation>
    </message>
    <message>
      <source>Templates: 1 sentence of your own</source>
      <translation>Satzmuster: 1 eigener Satz</translation>
    </message>
    <message>
      <source>Templates: the model's own</source>
      <translation>Satzmuster: die des Modells</translation>
    </message>
    <message>
      <source>Templates: {count} sentences</source>
      <translation>Satzmuster: {count} Sätze</translation>
    </message>
    <message>
      <source>Templates: {count} sentences of your own</source>
      <translation>Satzmuster: {count} eigene Sätze</translation>
    </message>
    <message>
      <source>The bundled mini model is missing; install the program again or choose a model.</source>
      <translation>Das mitgelieferte Mini-Modell fehlt; installieren Sie das Programm neu, oder wählen Sie ein Modell.</translation>
    </message>
    <message>
      <source>The bundled mini model knows about 200 drawn things and ten kinds of drawn ground; it cannot read photographs. Get CLIP weights or import a checkpoint for those.</source>
      <translation>Das mitgelieferte Mini-Modell kennt etwa 200 gezeichnete Dinge und zehn Arten von gezeichnetem Grund; Fotos kann es nicht lesen. Für sie holen Sie CLIP-Gewichte, oder importieren Sie einen Checkpoint.</translation>
    </message>
    <message>
      <source>The bundled model knows only drawn scenes, not photographs. It is there to try the work; photographs need a larger model.</source>
      <translation>Das mitgelieferte Modell kennt nur gezeichnete Szenen, keine Fotografien. Es ist da, um die Arbeit auszuprobieren; Fotografien brauchen ein größeres Modell.</translation>
    </message>
    <message>
      <source>The cheaper ways were tried on these images; this takes longer.</source>
      <translation>Die billigeren Wege wurden an diesen Bildern schon versucht; dieser dauert länger.</translation>
    </message>
    <message>
      <source>The check was stopped; nothing was changed.</source>
      <translation>Die Prüfung wurde angehalten; nichts wurde geändert.</translation>
    </message>
    <message>
      <source>The copied mask lies outside this image.</source>
      <translation>Die kopierte Maske liegt außerhalb dieses Bildes.</translation>
    </message>
    <message>
      <source>The copy was stopped; nothing was written.</source>
      <translation>Die Kopie wurde angehalten; nichts wurde geschrieben.</translation>
    </message>
    <message>
      <source>The database is whole: {masks} masks.</source>
      <translation>Die Datenbank ist heil: {masks} Masken.</translation>
    </message>
    <message>
      <source>The disk refused to work with {name}: {why}.</source>
      <translation>Das Laufwerk verweigerte die Arbeit an {name}: {why}.</translation>
    </message>
    <message>
      <source>The disk refused to work: {why}.</source>
      <translation>Das Laufwerk verweigerte die Arbeit: {why}.</translation>
    </message>
    <message>
      <source>The folder of the active model version {name} is missing; put it back or roll back to an earlier version.</source>
      <translation>Der Ordner der benutzten Modellversion {name} fehlt; legen Sie ihn zurück, oder gehen Sie auf eine frühere Version zurück.</translation>
    </message>
    <message>
      <source>The graphics card ran out of memory: the processor goes on.</source>
      <translation>Der Speicher der Grafikkarte ging aus: der Prozessor macht weiter.</translation>
    </message>
    <message>
      <source>The images to learn from hold no mask; correct and review some more images.</source>
      <translation>Die Bilder zum Lernen haben keine Maske; korrigieren und prüfen Sie weitere Bilder.</translation>
    </message>
    <message>
      <source>The language changes with the next start.</source>
      <translation>Die Sprache wechselt beim nächsten Start.</translation>
    </message>
    <message>
      <source>The last point came too late and was not kept.</source>
      <translation>Der letzte Punkt kam zu spät und wurde nicht behalten.</translation>
    </message>
    <message>
      <source>The line must cross the mask from edge to edge.</source>
      <translation>Die Linie muss die Maske von Rand zu Rand durchqueren.</translation>
    </message>
    <message>
      <source>The mask hangs together; cut it with the knife.</source>
      <translation>Die Maske hängt zusammen; schneiden Sie sie mit dem Messer.</translation>
    </message>
    <message>
      <source>The mask is empty; mark at least one pixel, or delete the mask.</source>
      <translation>Die Maske ist leer; markieren Sie mindestens einen Pixel, oder löschen Sie sie.</translation>
    </message>
    <message>
      <source>The model adds {count}</source>
      <translation>Das Modell fügt hinzu {count}</translation>
    </message>
    <message>
      <source>The model from before is in use again; the new one is kept.</source>
      <translation>Das Modell von vorher ist wieder in Gebrauch; das neue bleibt erhalten.</translation>
    </message>
    <message>
      <source>The model has not looked at this image yet.</source>
      <translation>Das Modell hat dieses Bild noch nicht angesehen.</translation>
    </message>
    <message>
      <source>The model in use has not changed; the new one is kept.</source>
      <translation>Das Modell in Gebrauch ist unverändert; das neue bleibt erhalten.</translation>
    </message>
    <message>
      <source>The model is being loaded.</source>
      <translation>Das Modell wird geladen.</translation>
    </message>
    <message>
      <source>The model is looking at this image.</source>
      <translation>Das Modell sieht sich dieses Bild an.</translation>
    </message>
    <message>
      <source>The model misses {count}</source>
      <translation>Das Modell übersieht {count}</translation>
    </message>
    <message>
      <source>The model reads each word inside these sentences and takes their mean. Changing them costs no new look at the images.</source>
      <translation>Das Modell liest jedes Wort in diesen Sätzen und nimmt ihren Mittelwert. Sie zu ändern kostet keinen neuen Blick auf die Bilder.</translation>
    </message>
    <message>
      <source>The model that comes with the program</source>
      <translation>Das mit dem Programm gelieferte Modell</translation>
    </message>
    <message>
      <source>The model's own</source>
      <translation>Die des Modells</translation>
    </message>
    <message>
      <source>The new version could not be written ({why}); check the space and the permissions of the project folder.</source>
      <translation>Die neue Version konnte nicht geschrieben werden ({why}); prüfen Sie Platz und Rechte des Projektordners.</translation>
    </message>
    <message>
      <source>The new version is in use</source>
      <translation>Die neue Version ist in Gebrauch</translation>
    </message>
    <message>
      <source>The old model stays in use</source>
      <translation>Das alte Modell bleibt in Gebrauch</translation>
    </message>
    <message>
      <source>The process that looks at the images ended unexpectedly ({why}); what it had found is kept: pre-label again, and it goes on from there.</source>
      <translation>Der Prozess, der die Bilder ansieht, endete unerwartet ({why}); was er gefunden hat, ist da: beginnen Sie noch einmal, dann geht es dort weiter.</translation>
    </message>
    <message>
      <source>The program made a mistake of its own; your masks up to now are saved. Details: {name}: {error}</source>
      <translation>Das Programm hat selbst einen Fehler gemacht; Ihre bisherigen Masken sind gespeichert. Einzelheiten: {name}: {error}</translation>
    </message>
    <message>
      <source>The project has no words to look for; add some to its vocabulary first.</source>
      <translation>Das Projekt hat noch keine Wörter; fügen Sie erst welche hinzu.</translation>
    </message>
    <message>
      <source>The settings are kept.</source>
      <translation>Die Einstellungen sind gespeichert.</translation>
    </message>
    <message>
      <source>The threshold shows more or fewer suggestions at once. {accept} takes all that you see, and one Undo gives them all back.</source>
      <translation>Die Schwelle zeigt sofort mehr oder weniger Vorschläge. {accept} nimmt alle, die Sie sehen, und ein Rückgängig gibt sie alle zurück.</translation>
    </message>
    <message>
      <source>The two say the same on {value} % of the pixels.</source>
      <translation>Die zwei sagen auf {value} % der Pixel dasselbe.</translation>
    </message>
    <message>
      <source>The two versions look at the image.</source>
      <translation>Die zwei Versionen sehen sich das Bild an.</translation>
    </message>
    <message>
      <source>The vocabulary is empty; type at least one word, such as "cat".</source>
      <translation>Es gibt noch keine Wörter; tippen Sie mindestens eines, etwa „Katze“.</translation>
    </message>
    <message>
      <source>The vocabulary is empty; type at least one word.</source>
      <translation>Es gibt noch keine Wörter; tippen Sie mindestens eines.</translation>
    </message>
    <message>
      <source>The weights are on this machine: open a project to use them.</source>
      <translation>Die Gewichte sind auf diesem Rechner: Öffnen Sie ein Projekt, um sie zu benutzen.</translation>
    </message>
    <message>
      <source>The whole image; drag to move the view</source>
      <translation>Das ganze Bild; ziehen bewegt den Ausschnitt</translation>
    </message>
    <message>
      <source>The word "{name}" is already in the vocabulary.</source>
      <translation>Das Wort „{name}“ gibt es schon.</translation>
    </message>
    <message>
      <source>The {count} sentences usual for this method</source>
      <translation>Die {count} bei diesem Verfahren üblichen Sätze</translation>
    </message>
    <message>
      <source>There are no images in {folder}: choose a folder that holds some.</source>
      <translation>In {folder} sind keine Bilder: wählen Sie einen Ordner mit Bildern.</translation>
    </message>
    <message>
      <source>There are no words to export yet.</source>
      <translation>Es gibt noch keine Wörter zu exportieren.</translation>
    </message>
    <message>
      <source>There is already a word "{name}" in this project.</source>
      <translation>In diesem Projekt gibt es das Wort „{name}“ schon.</translation>
    </message>
    <message>
      <source>There is no folder {folder}; choose one that holds images.</source>
      <translation>Den Ordner {folder} gibt es nicht; wählen Sie einen mit Bildern.</translation>
    </message>
    <message>
      <source>There is no import to take back.</source>
      <translation>Es gibt keinen Import, der zurückzunehmen wäre.</translation>
    </message>
    <message>
      <source>There is no mask to learn from; accept or draw some, then mark the images as reviewed.</source>
      <translation>Es gibt keine Maske, aus der gelernt werden kann; nehmen Sie welche an oder zeichnen Sie, und markieren Sie die Bilder als geprüft.</translation>
    </message>
    <message>
      <source>There is not enough memory for one window of the image: close other programs or choose a smaller model.</source>
      <translation>Der Speicher reicht nicht für einen Ausschnitt des Bildes: schließen Sie andere Programme, oder wählen Sie ein kleineres Modell.</translation>
    </message>
    <message>
      <source>There is not enough memory for {path}: close other programs and try again; if that does not help, look at it with: cascadeclip check {folder}</source>
      <translation>Der Speicher reicht nicht für {path}: schließen Sie andere Programme und versuchen Sie es noch einmal; hilft das nicht, dann: cascadeclip check {folder}</translation>
    </message>
    <message>
      <source>There is not enough memory to train on a single view: close other programs, or train on the processor (--device cpu).</source>
      <translation>Der Speicher reicht nicht für eine einzige Ansicht: schließen Sie andere Programme, oder lernen Sie auf dem Prozessor (--device cpu).</translation>
    </message>
    <message>
      <source>There is nothing to calibrate: the scores of the corrected words mean what they say already. Correct more images, or try another recipe.</source>
      <translation>Es gibt nichts zu eichen: Die Bewertungen der korrigierten Wörter bedeuten schon, was sie sagen. Korrigieren Sie weitere Bilder, oder lernen Sie auf andere Weise.</translation>
    </message>
    <message>
      <source>This is more than one word: put a bar between spellings of one.</source>
      <translation>Das ist mehr als ein Wort: Setzen Sie einen Strich zwischen die Schreibweisen.</translation>
    </message>
    <message>
      <source>This model has no text tower and cannot read words; choose another model.</source>
      <translation>Dieses Modell hat keinen Textturm und liest keine Wörter; wählen Sie ein anderes.</translation>
    </message>
    <message>
      <source>Threshold</source>
      <translation>Schwelle</translation>
    </message>
    <message>
      <source>Threshold of all words</source>
      <translation>Schwelle aller Wörter</translation>
    </message>
    <message>
      <source>Threshold of its own: {threshold}</source>
      <translation>Eigene Schwelle: {threshold}</translation>
    </message>
    <message>
      <source>Threshold of this word</source>
      <translation>Schwelle dieses Wortes</translation>
    </message>
    <message>
      <source>Threshold of {name}</source>
      <translation>Schwelle von {name}</translation>
    </message>
    <message>
      <source>To</source>
      <translation>Nach</translation>
    </message>
    <message>
      <source>Tolerance ({smaller} and {larger}, Shift+wheel)</source>
      <translation>Toleranz ({smaller} und {larger}, Umschalt+Rad)</translation>
    </message>
    <message>
      <source>Tolerance of the wand</source>
      <translation>Toleranz des Stabs</translation>
    </message>
    <message>
      <source>Took back the import on {images} images.</source>
      <translation>Den Import in {images} Bildern zurückgenommen.</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>Werkzeuge</translation>
    </message>
    <message>
      <source>Train no further; what is learnt so far is measured and kept</source>
      <translation>Nicht weiter trainieren; was bisher gelernt ist, wird gemessen und behalten</translation>
    </message>
    <message>
      <source>Train on the reviewed images</source>
      <translation>Mit den geprüften Bildern trainieren</translation>
    </message>
    <message>
      <source>Training</source>
      <translation>Training</translation>
    </message>
    <message>
      <source>Training broke off; the model in use has not changed.</source>
      <translation>Das Training brach ab; das Modell in Gebrauch ist unverändert.</translation>
    </message>
    <message>
      <source>Training ended without a result.</source>
      <translation>Das Training endete ohne Ergebnis.</translation>
    </message>
    <message>
      <source>Training progress</source>
      <translation>Fortschritt des Trainings</translation>
    </message>
    <message>
      <source>Training was stopped; the model in use has not changed.</source>
      <translation>Das Training wurde abgebrochen; das benutzte Modell ist dasselbe.</translation>
    </message>
    <message>
      <source>Try again</source>
      <translation>Noch einmal versuchen</translation>
    </message>
    <message>
      <source>Try the demo</source>
      <translation>Beispiel ausprobieren</translation>
    </message>
    <message>
      <source>Two versions side by side on the open image</source>
      <translation>Zwei Versionen nebeneinander am offenen Bild</translation>
    </message>
    <message>
      <source>Two-minute tour</source>
      <translation>Zwei-Minuten-Rundgang</translation>
    </message>
    <message>
      <source>Type a word</source>
      <translation>Ein Wort tippen</translation>
    </message>
    <message>
      <source>Type a word first: every mask belongs to a word.</source>
      <translation>Tippen Sie erst ein Wort: Jede Maske gehört zu einem Wort.</translation>
    </message>
    <message>
      <source>Type a word, such as cat, and press Enter. While you type you see already what it would find. cat | kitten are two spellings of one word.</source>
      <translation>Tippen Sie ein Wort, etwa cat, und drücken Sie Enter. Schon beim Tippen sehen Sie, was es fände. cat | kitten sind zwei Schreibweisen eines Wortes.</translation>
    </message>
    <message>
      <source>Type what you want to find in the field above.</source>
      <translation>Tippen Sie oben ins Feld, was Sie finden wollen.</translation>
    </message>
    <message>
      <source>Type what you want to find, such as: cat, grass, road | street</source>
      <translation>Tippen Sie, was Sie finden wollen, etwa: cat, grass, road | street</translation>
    </message>
    <message>
      <source>Uncertainty</source>
      <translation>Unsicherheit</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>Rückgängig</translation>
    </message>
    <message>
      <source>Undo import</source>
      <translation>Import zurücknehmen</translation>
    </message>
    <message>
      <source>Undo import...</source>
      <translation>Import zurücknehmen...</translation>
    </message>
    <message>
      <source>Undone</source>
      <translation>Zurückgenommen</translation>
    </message>
    <message>
      <source>Unreviewed</source>
      <translation>Ungeprüft</translation>
    </message>
    <message>
      <source>Unreviewed images first that the model is unsure of and that are unlike those before</source>
      <translation>Erst ungeprüfte Bilder, bei denen das Modell unsicher ist und die anders sind als die davor</translation>
    </message>
    <message>
      <source>Use</source>
      <translation>Benutzen</translation>
    </message>
    <message>
      <source>Use a file of CLIP weights</source>
      <translation>Eine Datei mit Gewichten von CLIP benutzen</translation>
    </message>
    <message>
      <source>Use it</source>
      <translation>Benutzen</translation>
    </message>
    <message>
      <source>Use it anyway</source>
      <translation>Trotzdem benutzen</translation>
    </message>
    <message>
      <source>Use local file...</source>
      <translation>Eigene Datei benutzen...</translation>
    </message>
    <message>
      <source>Use the new places</source>
      <translation>Die neuen Orte benutzen</translation>
    </message>
    <message>
      <source>Use the new version from now on</source>
      <translation>Von nun an die neue Version benutzen</translation>
    </message>
    <message>
      <source>Use the version from before this one</source>
      <translation>Die Version von vor dieser benutzen</translation>
    </message>
    <message>
      <source>Use these</source>
      <translation>Diese benutzen</translation>
    </message>
    <message>
      <source>Usual key</source>
      <translation>Übliche Taste</translation>
    </message>
    <message>
      <source>VOC, label images</source>
      <translation>VOC, Labelbilder</translation>
    </message>
    <message>
      <source>Version</source>
      <translation>Version</translation>
    </message>
    <message>
      <source>View</source>
      <translation>Ansicht</translation>
    </message>
    <message>
      <source>Watched, for nobody corrected them: {some}.</source>
      <translation>Beobachtet, weil niemand sie korrigiert hat: {some}.</translation>
    </message>
    <message>
      <source>Weights</source>
      <translation>Gewichte</translation>
    </message>
    <message>
      <source>What runs the model, and on which device</source>
      <translation>Womit das Modell läuft und auf welchem Gerät</translation>
    </message>
    <message>
      <source>What scores mean: seconds</source>
      <translation>Was Bewertungen bedeuten: Sekunden</translation>
    </message>
    <message>
      <source>What stays together</source>
      <translation>Was zusammenbleibt</translation>
    </message>
    <message>
      <source>What the decoders make of</source>
      <translation>Was die Dekoder machen aus</translation>
    </message>
    <message>
      <source>What the model sees</source>
      <translation>Was das Modell sieht</translation>
    </message>
    <message>
      <source>What training changed</source>
      <translation>Was das Training geändert hat</translation>
    </message>
    <message>
      <source>What will change</source>
      <translation>Was sich ändert</translation>
    </message>
    <message>
      <source>Wheel</source>
      <translation>Rad</translation>
    </message>
    <message>
      <source>When</source>
      <translation>Wann</translation>
    </message>
    <message>
      <source>Where the model is unsure</source>
      <translation>Wo das Modell unsicher ist</translation>
    </message>
    <message>
      <source>Where to</source>
      <translation>Wohin</translation>
    </message>
    <message>
      <source>Which engine is fastest could not be measured, so torch runs: {error}</source>
      <translation>Welche Maschine am schnellsten ist, ließ sich nicht messen, also läuft torch: {error}</translation>
    </message>
    <message>
      <source>Which images are listed</source>
      <translation>Welche Bilder aufgelistet sind</translation>
    </message>
    <message>
      <source>Which layers of the model are compared</source>
      <translation>Welche Schichten des Modells verglichen werden</translation>
    </message>
    <message>
      <source>Which patches are like the one you click</source>
      <translation>Welche Felder dem angeklickten gleichen</translation>
    </message>
    <message>
      <source>Whose threshold the slider moves: all words or one of its own</source>
      <translation>Wessen Schwelle der Regler bewegt: die aller Wörter oder eines einzelnen</translation>
    </message>
    <message>
      <source>With masks</source>
      <translation>Mit Masken</translation>
    </message>
    <message>
      <source>With suggestions</source>
      <translation>Mit Vorschlägen</translation>
    </message>
    <message>
      <source>Word</source>
      <translation>Wort</translation>
    </message>
    <message>
      <source>Word 1</source>
      <translation>Wort 1</translation>
    </message>
    <message>
      <source>Word 10</source>
      <translation>Wort 10</translation>
    </message>
    <message>
      <source>Word 2</source>
      <translation>Wort 2</translation>
    </message>
    <message>
      <source>Word 3</source>
      <translation>Wort 3</translation>
    </message>
    <message>
      <source>Word 4</source>
      <translation>Wort 4</translation>
    </message>
    <message>
      <source>Word 5</source>
      <translation>Wort 5</translation>
    </message>
    <message>
      <source>Word 6</source>
      <translation>Wort 6</translation>
    </message>
    <message>
      <source>Word 7</source>
      <translation>Wort 7</translation>
    </message>
    <message>
      <source>Word 8</source>
      <translation>Wort 8</translation>
    </message>
    <message>
      <source>Word 9</source>
      <translation>Wort 9</translation>
    </message>
    <message>
      <source>Word of the selected mask, and of the next one drawn</source>
      <translation>Wort der gewählten Maske und der nächsten gezeichneten</translation>
    </message>
    <message>
      <source>Word to find</source>
      <translation>Gesuchtes Wort</translation>
    </message>
    <message>
      <source>Word whose maps are shown</source>
      <translation>Wort, dessen Karten gezeigt werden</translation>
    </message>
    <message>
      <source>Words without corrections answer as before on {same} % of other images.</source>
      <translation>Wörter ohne Korrekturen antworten auf {same} % der anderen Bilder wie vorher.</translation>
    </message>
    <message>
      <source>Words without objects</source>
      <translation>Wörter ohne Objekte</translation>
    </message>
    <message>
      <source>Words, separated by commas; cat | kitten are synonyms; -shadow is a negative</source>
      <translation>Wörter, durch Kommas getrennt; Katze | Kätzchen sind Synonyme; -Schatten ist negativ</translation>
    </message>
    <message>
      <source>Write as one word</source>
      <translation>Als ein Wort schreiben</translation>
    </message>
    <message>
      <source>Write the two as one word</source>
      <translation>Die zwei als ein Wort schreiben</translation>
    </message>
    <message>
      <source>Write {offer}</source>
      <translation>{offer} schreiben</translation>
    </message>
    <message>
      <source>Writing to {place} is not allowed: choose another folder or change its rights.</source>
      <translation>Schreiben nach {place} ist nicht erlaubt: Wählen Sie einen anderen Ordner oder ändern Sie seine Rechte.</translation>
    </message>
    <message>
      <source>Wrote {path}, checked.</source>
      <translation>{path} geschrieben und geprüft.</translation>
    </message>
    <message>
      <source>YOLO</source>
      <translation>YOLO</translation>
    </message>
    <message>
      <source>YOLO, segmentation</source>
      <translation>YOLO, Segmentierung</translation>
    </message>
    <message>
      <source>Yours, before, after: {right}</source>
      <translation>Ihre, vorher, nachher: {right}</translation>
    </message>
    <message>
      <source>Zoom</source>
      <translation>Zoom</translation>
    </message>
    <message>
      <source>Zoom at the pointer</source>
      <translation>Zoomt am Zeiger</translation>
    </message>
    <message>
      <source>Zoom in</source>
      <translation>Vergrößern</translation>
    </message>
    <message>
      <source>Zoom out</source>
      <translation>Verkleinern</translation>
    </message>
    <message>
      <source>Zoom to suggestions when walking</source>
      <translation>Beim Durchgehen auf Vorschläge zoomen</translation>
    </message>
    <message>
      <source>a file of your own</source>
      <translation>eine eigene Datei</translation>
    </message>
    <message>
      <source>a new spelling of "{name}"</source>
      <translation>eine neue Schreibweise von „{name}“</translation>
    </message>
    <message>
      <source>a small model</source>
      <translation>ein kleines Modell</translation>
    </message>
    <message>
      <source>accept suggestion</source>
      <translation>Vorschlag annehmen</translation>
    </message>
    <message>
      <source>accept suggestion as {word}</source>
      <translation>Vorschlag als {word} annehmen</translation>
    </message>
    <message>
      <source>accept {count} suggestions</source>
      <translation>{count} Vorschläge annehmen</translation>
    </message>
    <message>
      <source>accepting</source>
      <translation>nehme an</translation>
    </message>
    <message>
      <source>add mask</source>
      <translation>Maske hinzufügen</translation>
    </message>
    <message>
      <source>against {what}</source>
      <translation>gegen {what}</translation>
    </message>
    <message>
      <source>already there</source>
      <translation>schon da</translation>
    </message>
    <message>
      <source>already there as "{name}"</source>
      <translation>schon da als „{name}“</translation>
    </message>
    <message>
      <source>and {count} more</source>
      <translation>und {count} weitere</translation>
    </message>
    <message>
      <source>as in the list of words</source>
      <translation>wie in der Liste der Wörter</translation>
    </message>
    <message>
      <source>caching views of {count} images</source>
      <translation>legt Ansichten von {count} Bildern bereit</translation>
    </message>
    <message>
      <source>calibrating</source>
      <translation>eicht</translation>
    </message>
    <message>
      <source>cannot be opened</source>
      <translation>lässt sich nicht öffnen</translation>
    </message>
    <message>
      <source>cat | kitten are spellings of one word; -shadow makes it negative</source>
      <translation>cat | kitten sind Schreibweisen eines Wortes; -shadow macht es negativ</translation>
    </message>
    <message>
      <source>change word</source>
      <translation>Wort ändern</translation>
    </message>
    <message>
      <source>checking</source>
      <translation>wird geprüft</translation>
    </message>
    <message>
      <source>choosing how far to go</source>
      <translation>wählt, wie weit gegangen wird</translation>
    </message>
    <message>
      <source>collecting</source>
      <translation>sammelt die Korrekturen</translation>
    </message>
    <message>
      <source>comparing two versions</source>
      <translation>zwei Versionen werden verglichen</translation>
    </message>
    <message>
      <source>complete images</source>
      <translation>vollständige Bilder</translation>
    </message>
    <message>
      <source>copying</source>
      <translation>wird kopiert</translation>
    </message>
    <message>
      <source>delete mask</source>
      <translation>Maske löschen</translation>
    </message>
    <message>
      <source>downloading {title}</source>
      <translation>{title} wird heruntergeladen</translation>
    </message>
    <message>
      <source>draw with the brush</source>
      <translation>zeichnen Sie mit dem Pinsel</translation>
    </message>
    <message>
      <source>drawing the demo</source>
      <translation>das Beispiel wird gezeichnet</translation>
    </message>
    <message>
      <source>drawn</source>
      <translation>gezeichnet</translation>
    </message>
    <message>
      <source>edit mask</source>
      <translation>Maske bearbeiten</translation>
    </message>
    <message>
      <source>encode {encode}  decode {decode}</source>
      <translation>Kodieren {encode}  Dekodieren {decode}</translation>
    </message>
    <message>
      <source>exporting</source>
      <translation>wird exportiert</translation>
    </message>
    <message>
      <source>has masks</source>
      <translation>hat Masken</translation>
    </message>
    <message>
      <source>has suggestions</source>
      <translation>hat Vorschläge</translation>
    </message>
    <message>
      <source>hidden</source>
      <translation>verborgen</translation>
    </message>
    <message>
      <source>images ({complete} complete, {partial} partly marked)</source>
      <translation>Bilder ({complete} vollständig, {partial} teils markiert)</translation>
    </message>
    <message>
      <source>importing</source>
      <translation>wird importiert</translation>
    </message>
    <message>
      <source>importing {name}</source>
      <translation>importiere {name}</translation>
    </message>
    <message>
      <source>it claims more pixels than any camera</source>
      <translation>es gibt mehr Pixel an als jede Kamera</translation>
    </message>
    <message>
      <source>it has no pixels</source>
      <translation>es hat keine Pixel</translation>
    </message>
    <message>
      <source>it is a folder</source>
      <translation>es ist ein Ordner</translation>
    </message>
    <message>
      <source>it is damaged or cut short</source>
      <translation>sie ist beschädigt oder abgeschnitten</translation>
    </message>
    <message>
      <source>it is not an image, or of a kind that is not supported</source>
      <translation>es ist kein Bild, oder von einer Art, die nicht unterstützt wird</translation>
    </message>
    <message>
      <source>its own form</source>
      <translation>die eigene Form</translation>
    </message>
    <message>
      <source>its {width} x {height} pixels are beyond {limit} million</source>
      <translation>seine {width} x {height} Pixel sind mehr als {limit} Millionen</translation>
    </message>
    <message>
      <source>labelme</source>
      <translation>labelme</translation>
    </message>
    <message>
      <source>learning the marked pixels of {count} images</source>
      <translation>lernt die markierten Pixel von {count} Bildern</translation>
    </message>
    <message>
      <source>loading the model</source>
      <translation>lädt das Modell</translation>
    </message>
    <message>
      <source>looking</source>
      <translation>wird angesehen</translation>
    </message>
    <message>
      <source>looking at the image files</source>
      <translation>die Bilddateien werden angesehen</translation>
    </message>
    <message>
      <source>mIoU, %</source>
      <translation>mIoU, %</translation>
    </message>
    <message>
      <source>mark reviewed</source>
      <translation>als geprüft markieren</translation>
    </message>
    <message>
      <source>mark unreviewed</source>
      <translation>als ungeprüft markieren</translation>
    </message>
    <message>
      <source>measuring after</source>
      <translation>misst nachher</translation>
    </message>
    <message>
      <source>measuring before on {count} images never trained on</source>
      <translation>misst vorher auf {count} Bildern, aus denen nie gelernt wurde</translation>
    </message>
    <message>
      <source>measuring which engine is fastest</source>
      <translation>die schnellste Maschine wird gemessen</translation>
    </message>
    <message>
      <source>merge masks</source>
      <translation>Masken vereinen</translation>
    </message>
    <message>
      <source>mini (bundled)</source>
      <translation>mini (mitgeliefert)</translation>
    </message>
    <message>
      <source>negative</source>
      <translation>negativ</translation>
    </message>
    <message>
      <source>new</source>
      <translation>neu</translation>
    </message>
    <message>
      <source>not for commercial use</source>
      <translation>nicht für gewerblichen Gebrauch</translation>
    </message>
    <message>
      <source>not known</source>
      <translation>unbekannt</translation>
    </message>
    <message>
      <source>not looked at yet</source>
      <translation>noch nicht angesehen</translation>
    </message>
    <message>
      <source>not measured on this machine yet</source>
      <translation>auf diesem Rechner noch nicht gemessen</translation>
    </message>
    <message>
      <source>pre-labelling</source>
      <translation>Vorbeschriften</translation>
    </message>
    <message>
      <source>read only</source>
      <translation>nur lesbar</translation>
    </message>
    <message>
      <source>reading images</source>
      <translation>Bilder werden gelesen</translation>
    </message>
    <message>
      <source>reading {place}</source>
      <translation>lese {place}</translation>
    </message>
    <message>
      <source>reading {title}</source>
      <translation>{title} wird gelesen</translation>
    </message>
    <message>
      <source>reject suggestion</source>
      <translation>Vorschlag ablehnen</translation>
    </message>
    <message>
      <source>reviewed</source>
      <translation>geprüft</translation>
    </message>
    <message>
      <source>saved</source>
      <translation>gespeichert</translation>
    </message>
    <message>
      <source>saving</source>
      <translation>wird gespeichert</translation>
    </message>
    <message>
      <source>showing the marked regions again</source>
      <translation>zeigt die markierten Bereiche noch einmal</translation>
    </message>
    <message>
      <source>showing the marked regions of {count} images</source>
      <translation>zeigt die markierten Bereiche von {count} Bildern</translation>
    </message>
    <message>
      <source>split mask</source>
      <translation>Maske teilen</translation>
    </message>
    <message>
      <source>splitting {count} {whyWhich}</source>
      <translation>teilt {count} {whyWhich} auf</translation>
    </message>
    <message>
      <source>starting</source>
      <translation>beginnt</translation>
    </message>
    <message>
      <source>stopping {title}</source>
      <translation>{title} wird angehalten</translation>
    </message>
    <message>
      <source>such as grass, sky</source>
      <translation>etwa Gras, Himmel</translation>
    </message>
    <message>
      <source>taken back</source>
      <translation>zurückgenommen</translation>
    </message>
    <message>
      <source>taking back</source>
      <translation>wird zurückgenommen</translation>
    </message>
    <message>
      <source>the SHA-256 that its host tells</source>
      <translation>die SHA-256, die sein Rechner nennt</translation>
    </message>
    <message>
      <source>the graphics card ran out of memory</source>
      <translation>der Speicher der Grafikkarte ging aus</translation>
    </message>
    <message>
      <source>there is no such file</source>
      <translation>es gibt diese Datei nicht</translation>
    </message>
    <message>
      <source>there is not enough memory for it</source>
      <translation>der Speicher reicht dafür nicht</translation>
    </message>
    <message>
      <source>this place</source>
      <translation>diesen Ort</translation>
    </message>
    <message>
      <source>told when it arrives</source>
      <translation>wird bei Ankunft genannt</translation>
    </message>
    <message>
      <source>trained</source>
      <translation>trainiert</translation>
    </message>
    <message>
      <source>training on {views} views{whyGone}</source>
      <translation>lernt aus {views} Ansichten{whyGone}</translation>
    </message>
    <message>
      <source>training {count} views at a time, for memory ran out</source>
      <translation>lernt aus {count} Ansichten zugleich, da der Speicher ausging</translation>
    </message>
    <message>
      <source>unknown to this model</source>
      <translation>diesem Modell unbekannt</translation>
    </message>
    <message>
      <source>words without corrections answer otherwise on {share} % of other images</source>
      <translation>Wörter ohne Korrekturen antworten auf {share} % der anderen Bilder anders</translation>
    </message>
    <message>
      <source>words without corrections lost {points} points</source>
      <translation>Wörter ohne Korrekturen verloren {points} Punkte</translation>
    </message>
    <message>
      <source>writing</source>
      <translation>schreibt</translation>
    </message>
    <message>
      <source>you may not read it</source>
      <translation>Sie dürfen sie nicht lesen</translation>
    </message>
    <message>
      <source>zero-shot</source>
      <translation>ohne Beispiel</translation>
    </message>
    <message>
      <source>{accept} closes, Alt cuts a hole, Shift adds</source>
      <translation>{accept} schließt, Alt schneidet ein Loch, Umschalt fügt hinzu</translation>
    </message>
    <message>
      <source>{accept} keeps, {deselect} drops, Ctrl takes away</source>
      <translation>{accept} behält, {deselect} verwirft, Strg nimmt weg</translation>
    </message>
    <message>
      <source>{accept} keeps, {deselect} drops, {undo} takes a click back</source>
      <translation>{accept} behält, {deselect} verwirft, {undo} nimmt einen Klick zurück</translation>
    </message>
    <message>
      <source>{at} of {count}</source>
      <translation>{at} von {count}</translation>
    </message>
    <message>
      <source>{backend} runs this model here: {reason}</source>
      <translation>{backend} betreibt dieses Modell hier: {reason}</translation>
    </message>
    <message>
      <source>{before} % right before, {after} % after</source>
      <translation>{before} % richtig vorher, {after} % nachher</translation>
    </message>
    <message>
      <source>{before} to {after} mIoU on held-out images</source>
      <translation>{before} auf {after} mIoU auf zurückgehaltenen Bildern</translation>
    </message>
    <message>
      <source>{count} changed</source>
      <translation>{count} geändert</translation>
    </message>
    <message>
      <source>{count} from {name}</source>
      <translation>{count} aus {name}</translation>
    </message>
    <message>
      <source>{count} images are reviewed: a minute of training may help.</source>
      <translation>{count} Bilder sind geprüft: Eine Minute Training kann helfen.</translation>
    </message>
    <message>
      <source>{count} images are reviewed: enough to set what the scores mean, in seconds.</source>
      <translation>{count} Bilder sind geprüft: genug, um in Sekunden einzustellen, was die Bewertungen bedeuten.</translation>
    </message>
    <message>
      <source>{count} images are reviewed: how the marked pixels look can be learnt, in seconds.</source>
      <translation>{count} Bilder sind geprüft: Wie die markierten Pixel aussehen, kann in Sekunden gelernt werden.</translation>
    </message>
    <message>
      <source>{count} images are reviewed: what you have marked can be recognised again, in seconds.</source>
      <translation>{count} Bilder sind geprüft: Was Sie markiert haben, kann in Sekunden wiedererkannt werden.</translation>
    </message>
    <message>
      <source>{count} images as they were</source>
      <translation>{count} Bilder wie sie waren</translation>
    </message>
    <message>
      <source>{count} images could not be read and were left out; the first: {value}</source>
      <translation>{count} Bilder konnten nicht gelesen werden und wurden ausgelassen; das erste: {value}</translation>
    </message>
    <message>
      <source>{count} jobs</source>
      <translation>{count} Aufträge</translation>
    </message>
    <message>
      <source>{count} missing</source>
      <translation>{count} fehlen</translation>
    </message>
    <message>
      <source>{count} moved</source>
      <translation>{count} verschoben</translation>
    </message>
    <message>
      <source>{count} suggestions</source>
      <translation>{count} Vorschläge</translation>
    </message>
    <message>
      <source>{count} suggestions on {images} images would become masks.</source>
      <translation>{count} Vorschläge in {images} Bildern würden zu Masken.</translation>
    </message>
    <message>
      <source>{count} suggestions on {images} images, {pace} a second</source>
      <translation>{count} Vorschläge auf {images} Bildern, {pace} in der Sekunde</translation>
    </message>
    <message>
      <source>{engine_trouble} Drawing and exporting work without a model.</source>
      <translation>{engine_trouble} Zeichnen und Exportieren gehen auch ohne Modell.</translation>
    </message>
    <message>
      <source>{folder} does not exist: check the path.</source>
      <translation>{folder} gibt es nicht: prüfen Sie den Pfad.</translation>
    </message>
    <message>
      <source>{folder} is not a folder: give the folder that holds the images.</source>
      <translation>{folder} ist kein Ordner: geben Sie den Ordner mit den Bildern an.</translation>
    </message>
    <message>
      <source>{folder} is not a project: it holds no {file}.</source>
      <translation>{folder} ist kein Projekt: {file} fehlt darin.</translation>
    </message>
    <message>
      <source>{folder} is open in another program{who}: here it can be read but not changed; close the other program, then open it again.</source>
      <translation>{folder} ist in einem anderen Programm offen{who}: hier kann es gelesen, aber nicht geändert werden; schließen Sie das andere Programm und öffnen Sie es dann wieder.</translation>
    </message>
    <message>
      <source>{folder} was written by a newer version of cascadeclip; update the program.</source>
      <translation>{folder} wurde von einer neueren Version von cascadeclip geschrieben; aktualisieren Sie das Programm.</translation>
    </message>
    <message>
      <source>{images} images were left alone: it is too long ago.</source>
      <translation>{images} Bilder wurden nicht angefasst: Es ist zu lange her.</translation>
    </message>
    <message>
      <source>{kept} masks or boxes changed since are kept.</source>
      <translation>{kept} seither geänderte Masken oder Rechtecke bleiben erhalten.</translation>
    </message>
    <message>
      <source>{key} is held on the image: choose another key for “{name}”.</source>
      <translation>{key} wird im Bild gehalten: Wählen Sie für „{name}“ eine andere Taste.</translation>
    </message>
    <message>
      <source>{key} would mean both “{other}” and “{name}”: give one of them another key.</source>
      <translation>{key} hieße sowohl „{other}“ als auch „{name}“: Geben Sie einem davon eine andere Taste.</translation>
    </message>
    <message>
      <source>{many}, mean score {score}, on {share} % of the image</source>
      <translation>{many}, mittlere Bewertung {score}, auf {share} % des Bildes</translation>
    </message>
    <message>
      <source>{max} MB</source>
      <translation>{max} MB</translation>
    </message>
    <message>
      <source>{max} s left</source>
      <translation>noch {max} s</translation>
    </message>
    <message>
      <source>{model} speaks now, as the version {name}.</source>
      <translation>{model} spricht jetzt, als Version {name}.</translation>
    </message>
    <message>
      <source>{names} and {count} more</source>
      <translation>{names} und {count} weitere</translation>
    </message>
    <message>
      <source>{name}  (in use)</source>
      <translation>{name}  (in Gebrauch)</translation>
    </message>
    <message>
      <source>{name} - Cascade-CLIP</source>
      <translation>{name} - Cascade-CLIP</translation>
    </message>
    <message>
      <source>{name} cannot be opened: {why}.</source>
      <translation>{name} lässt sich nicht öffnen: {why}.</translation>
    </message>
    <message>
      <source>{name} has changed its size since it was added; its masks no longer fit.</source>
      <translation>{name} hat seit dem Hinzufügen die Größe geändert; die Masken passen nicht mehr.</translation>
    </message>
    <message>
      <source>{name} is in use now.</source>
      <translation>{name} ist jetzt in Gebrauch.</translation>
    </message>
    <message>
      <source>{name} is not where it was, nor near it; look in other folders with: cascadeclip check {folder} --search FOLDER --relink</source>
      <translation>{name} ist nicht mehr an seinem Ort und nicht in der Nähe; suchen Sie anderswo mit: cascadeclip check {folder} --search FOLDER --relink</translation>
    </message>
    <message>
      <source>{name}, made {made} by {recipe}</source>
      <translation>{name}, erstellt {made} durch {recipe}</translation>
    </message>
    <message>
      <source>{next} opens the next image, {reviewed} marks this one as reviewed.</source>
      <translation>{next} öffnet das nächste Bild, {reviewed} markiert dieses als geprüft.</translation>
    </message>
    <message>
      <source>{number} words</source>
      <translation>{number} Wörter</translation>
    </message>
    <message>
      <source>{n} masks on this image</source>
      <translation>{n} Masken in diesem Bild</translation>
    </message>
    <message>
      <source>{out} could not be written ({why}); choose another place.</source>
      <translation>{out} konnte nicht geschrieben werden ({why}); wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
      <source>{out} exists and is no .json file; choose another name.</source>
      <translation>{out} gibt es, und es ist keine .json-Datei; wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
      <source>{out} holds something that is no export; choose an empty folder.</source>
      <translation>{out} enthält etwas, das kein Export ist; wählen Sie einen leeren Ordner.</translation>
    </message>
    <message>
      <source>{out} is a file; name a folder for this format.</source>
      <translation>{out} ist eine Datei; nennen Sie für dieses Format einen Ordner.</translation>
    </message>
    <message>
      <source>{out} is a folder; name a file, such as annotations.json.</source>
      <translation>{out} ist ein Ordner; nennen Sie eine Datei, etwa annotations.json.</translation>
    </message>
    <message>
      <source>{rest}, {size} on the card</source>
      <translation>{rest}, {size} auf der Karte</translation>
    </message>
    <message>
      <source>{reviewed} of {images} reviewed, {masks} masks</source>
      <translation>{reviewed} von {images} geprüft, {masks} Masken</translation>
    </message>
    <message>
      <source>{round} min left</source>
      <translation>noch {round} min</translation>
    </message>
    <message>
      <source>{share} to {share2}</source>
      <translation>{share} auf {share2}</translation>
    </message>
    <message>
      <source>{side} picture</source>
      <translation>Bild {side}</translation>
    </message>
    <message>
      <source>{side} version</source>
      <translation>Version {side}</translation>
    </message>
    <message>
      <source>{size} in all, {rest}</source>
      <translation>{size} insgesamt, {rest}</translation>
    </message>
    <message>
      <source>{size} of features</source>
      <translation>{size} Merkmale</translation>
    </message>
    <message>
      <source>{text}, {there} were there already</source>
      <translation>{text}, {there} waren schon da</translation>
    </message>
    <message>
      <source>{text}; could not be read: {names}</source>
      <translation>{text}; nicht lesbar: {names}</translation>
    </message>
    <message>
      <source>{true} is taken for {said} on {share} % of its pixels.</source>
      <translation>{true} wird auf {share} % seiner Pixel für {said} gehalten.</translation>
    </message>
    <message>
      <source>{value} GB</source>
      <translation>{value} GB</translation>
    </message>
    <message>
      <source>{value} h left</source>
      <translation>noch {value} h</translation>
    </message>
    <message>
      <source>{value} is in use again.</source>
      <translation>{value} ist wieder in Gebrauch.</translation>
    </message>
    <message>
      <source>{value} ms</source>
      <translation>{value} ms</translation>
    </message>
    <message>
      <source>{word} (not corrected)</source>
      <translation>{word} (nicht korrigiert)</translation>
    </message>
  </context>
</TS>
