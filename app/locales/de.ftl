### Unreviewed: translated by machine; no clinician has read it yet. German; formal address, infinitives on buttons.
### Format: Fluent (https://projectfluent.org). One message a line.

## The page

page-title = Gliolens: Tumorsegmentierung im Browser
tagline = Tumorsegmentierung im Browser
research-use = Nur Forschung, kein Medizinprodukt
    .short = Nur Forschung
language = Sprache
language-failed = { $name } konnte nicht geladen werden. Bitte die Verbindung prüfen und die Sprache erneut wählen.
two-sentences = { $first } { $second }
names-and-more = { $names } und { $more } weitere
close = Schließen
dismiss = Ausblenden
dismiss-all = Alle ausblenden
drop-hint = Studien, Schichten oder Labels hier ablegen
viewer = Bildansicht
tools = Werkzeuge
tool = Werkzeug
history = Verlauf
propagate = Maske übertragen

## Numbers and slices

counted-slices = { $count ->
    [one] { $count } Schicht
   *[other] { $count } Schichten
  }
counted-more-slices = { $count ->
    [one] { $count } weitere Schicht
   *[other] { $count } weitere Schichten
  }
counted-pixels = { $count } Pixel
counted-voxels = { $count } Voxel
slices-named = { $count ->
    [one] Schicht { $numbers }
   *[other] Schichten { $numbers }
  }
all-slices = allen Schichten
pixels-of-radius = { $radius } px

## The top bar

display = Anzeige
open = Öffnen
    .name = Dateien öffnen
    .help = Dateien öffnen
open-folder = Ordner
    .name = Ordner öffnen
    .help = Alle Dateien eines Ordners öffnen, auch DICOM-Dateien ohne Endung
sequence = Sequenz
sequence-pre-short = nativ
sequence-post-short = KM
sequence-composite = RGB
overlay = Überlagerung
window = Fensterung
    .help = Fenstervorgaben (1 bis 4)
window-manual = Manuell
layout = Anordnung

## The engine

engine-loading = Programm wird geladen …
engine-loading-part = Programm wird geladen, { $loaded } MB
model-loading = Modell wird geladen, { $loaded } von { $total } MB
engine-testing = { $device } wird getestet …
engine-ready = Bereit ({ $device })
    .help = { $model } auf { $device } ({ $adapter }). Selbsttest: größte Abweichung eines Logits { $difference }.
engine-none = Kein Rechenprogramm
webgpu-testing = WebGPU wird getestet …
    .help = Bis dahin antwortet die CPU. WebGPU übernimmt, wenn es richtig und schneller rechnet.
webgpu-refused = Warum nicht WebGPU?
works-offline = offline nutzbar
    .help = Die Seite ist auf diesem Computer gespeichert. Sie öffnet sich und arbeitet ohne Netz.

## Keys

key-ctrl = Strg
key-shift = Umschalt
key-space = Leertaste
key-page-down = Bild ↓
key-page-up = Bild ↑
key-delete = Entf
key-backspace = Rücktaste
key-escape = Esc
command-key = { $help } ({ $key })
command-now = { $help }: { $now }

## Commands: the button, and what it does

command-add = Per Klick hinzufügen
    .help = Auf Tumor außerhalb der Maske klicken, um ihn hinzuzufügen. Rechtsklick oder Alt entfernt
command-remove = Per Klick entfernen
    .help = In der Maske auf eine Stelle ohne Tumor klicken. Rechtsklick oder Alt fügt hinzu
command-brush = Pinsel
    .help = Tumor einzeichnen. Rechte Taste oder Alt radiert
command-eraser = Radierer
    .help = Aus der Maske radieren. Rechte Taste oder Alt zeichnet ein
command-lasso = Lasso
    .help = Tumor frei umfahren. Rechte Taste oder Alt radiert innerhalb der Linie
command-move = Verschieben
    .help = Bild verschieben. Mit Umschalt verschiebt jedes Werkzeug
command-levels = Fensterung
    .help = Seitwärts ziehen: Fensterbreite; auf und ab: Fensterlage. Mit der rechten oder mittleren Taste in jedem Werkzeug
command-measure = Durchmesser
    .help = Längster Durchmesser und längster senkrechter Durchmesser. Ihre Enden lassen sich ziehen
command-smaller-brush = Kleiner
    .help = Kleinerer Pinsel
command-larger-brush = Größer
    .help = Größerer Pinsel
command-undo = Rückgängig
    .help = Rückgängig
command-redo = Wiederholen
    .help = Wiederholen
command-reset = Zurücksetzen
    .help = Alle Korrekturen dieser Schicht rückgängig machen
command-remove-click = Klick löschen
    .help = Den Klick löschen, der dem Zeiger am nächsten ist
command-before = Vergleichen (halten)
    .help = Halten, um die Maske vor den Korrekturen zu sehen
command-to-next = Auf nächste übertragen
    .help = Nächste Schicht öffnen und mit dieser Maske beginnen
command-through-all = Auf alle übertragen
    .help = Diese Maske nach unten und oben übertragen, bis sie leer ist oder auf eine korrigierte Schicht trifft
command-whole-volume = Alle Schichten segmentieren
    .help = Alle Schichten der Studie segmentieren
command-stop = Stopp
    .help = Segmentierung anhalten
command-mask = Maske
    .help = Maske ein- oder ausblenden
command-heat = Heatmap
    .help = Tumorwahrscheinlichkeit als Heatmap ein- oder ausblenden
command-label = Label
    .help = Label (Referenz) ein- oder ausblenden
command-window-auto = Auto
    .help = Automatische Fensterung. Mit Verschieben, Fensterung und Durchmesser auch per doppeltem Rechtsklick
command-window-full = Voller Bereich
    .help = Fenster über alle Werte
command-window-high = Enges Fenster
    .help = Engeres Fenster, hoher Kontrast
command-window-low = Weites Fenster
    .help = Weiteres Fenster, niedriger Kontrast
command-invert = Invertieren
    .help = Graustufen invertieren
command-layout-one = Eine Ansicht
    .help = Nur die Schicht
command-layout-main = Haupt- und zwei Nebenansichten
    .help = Die Schicht mit sagittaler und koronarer Reformatierung
command-fit = Einpassen
    .help = Schicht in die Ansicht einpassen; erneut: die Region, die das Netz liest
command-zoom-in = Vergrößern
    .help = Vergrößern
command-zoom-out = Verkleinern
    .help = Verkleinern
command-next = Nächste Schicht
    .help = Nächste Schicht
command-previous = Vorherige Schicht
    .help = Vorherige Schicht
command-next-tumour = Nächste Tumorschicht
    .help = Nächste Schicht mit Maske
command-previous-tumour = Vorherige Tumorschicht
    .help = Vorherige Schicht mit Maske
command-largest = Größte
    .help = Schicht mit der größten Maskenfläche
command-ten-on = Zehn vor
    .help = Zehn Schichten vor
command-ten-back = Zehn zurück
    .help = Zehn Schichten zurück
command-help = Hilfe
    .help = Hilfe, Tasten und Sprache

## The bar over the slice: what the pointer does with a tool

pointer-click = Klick
pointer-right-click = Rechtsklick
pointer-drag = Ziehen
pointer-right-drag = Rechts ziehen
pointer-ctrl-wheel = Strg + Rad
hint-adds = fügt fehlenden Tumor hinzu
hint-removes = entfernt, was kein Tumor ist
hint-paints = zeichnet ein
hint-erases = radiert
hint-encircles = um Tumor fügt ihn hinzu
hint-cuts-out = radiert innerhalb
hint-pans = verschiebt
hint-zooms = zoomt
hint-windows = seitwärts: Breite, auf und ab: Lage
hint-measures = das Ende eines Durchmessers
radius = Radius
    .name = Pinselradius

## Slices that are open

strip = Schichten
reading-files = { $count } werden gelesen …
close-slice = { $name } schließen

## Messages about messages

messages = Meldungen ({ $count })
messages-more = und { $count } weitere
closed = { $name } wurde geschlossen.
closed-undo = Rückgängig

## The study

study = Studie
segment-all = { $slices ->
    [one] Schicht segmentieren
   *[other] Alle { $slices } Schichten segmentieren
  }
segmenting-all = Segmentierung: { $done } von { $total }
grid = { $width } × { $height } × { $slices }, { $x } × { $y } × { $z } mm
grid-without-spacing = { $width } × { $height } × { $slices }, Abstände unbekannt
sequence-pre = Nativ
sequence-flair = FLAIR
sequence-post = Nach Kontrastmittel
sequence-none = keine (FLAIR wird verwendet)
sequence-resampled = auf FLAIR umgerechnet
sequence-by-number = { $sequence }, nach Nummer
sequence-numbers = 1 bis { $volumes }
sequence-guessed = Keine Serienbeschreibung nennt FLAIR. Diese Wahl ist geraten: bitte unten prüfen.
missing-both = Nur FLAIR ist vorhanden. Es wird auch für die native Serie und die Serie nach Kontrastmittel verwendet.
missing-pre = Es gibt keine native Serie. FLAIR wird dafür verwendet.
missing-post = Es gibt keine Serie nach Kontrastmittel. FLAIR wird dafür verwendet.
missing-worse = So sind die Masken weniger genau: mittlerer Volumen-Dice { $without } statt { $with } bei ungesehenen Patienten.
missing-as-good = So waren die Masken etwa gleich genau: mittlerer Volumen-Dice { $without }, mit allen Sequenzen { $with }, bei ungesehenen Patienten.
patient-data = Patientendaten
patient-name = Name
patient-id = ID
patient-born = Geboren
patient-sex = Geschlecht
patient-study = Studie
patient-study-date = Studiendatum

## Help

help-correct = Korrigieren
help-segment = Segmentieren
help-view = Ansehen
help-keys = Tasten und Gesten
gesture-beside-frame = Klick neben den Rahmen
    .help = Ein anderes Bild des Films segmentieren
gesture-wheel = Rad
    .help = Nächste oder vorherige Schicht; über einer Reformatierung deren nächste oder vorherige Ebene
gesture-zoom = Strg + Rad, zwei Finger
    .help = Zoom
gesture-drag = Ziehen
    .help = Mit einem Klickwerkzeug: verschieben
gesture-right-drag = Rechts oder mittig ziehen
    .help = Fensterung
gesture-arrows =
    .help = In einer Reformatierung: die Ebene der anderen bewegen
help-files = Dateien
help-files-study = Eine Studie: DICOM (MR-Bilder, Single- oder Multiframe; ein Ordner, viele Dateien oder ein zip, tar, tar.gz oder tgz), NIfTI (nii, nii.gz oder hdr mit img) oder ein mehrseitiges TIFF. Native, FLAIR- und Kontrastmittelserien werden an ihrer Beschreibung erkannt. Die Wahl lässt sich neben dem Bild ändern.
help-files-slice = Eine Schicht: PNG, JPEG, WebP oder TIFF mit 8 oder 16 Bit. In einem Farbbild ist Rot nativ, Grün FLAIR und Blau nach Kontrastmittel. Ein Graustufenbild wird für alle drei verwendet.
help-files-label = Ein Label: eine NIfTI-Labelmap oder eine DICOM-Segmentierung für ihre Studie; oder ein Bild, dessen Name auf _mask, _label oder _seg endet oder das nur zwei Graustufen hat, für die Schicht gleichen Namens oder die gezeigte.
help-privacy = Datenschutz
privacy = Alles wird auf diesem Computer berechnet. Kein Bild verlässt diese Seite. Die Seite kann keinen anderen Server erreichen.
privacy-kept = Die Seite selbst ist in diesem Browser gespeichert. Sie öffnet sich und arbeitet ohne Netz.
privacy-loaded = Ist sie geladen, braucht sie kein Netz.
tour-start = Rundgang
diagnostics-copy = Diagnosedaten kopieren
    .help = Version, Gerät, Zeiten und Browser; keine Patientendaten
diagnostics-copied = Die Diagnosedaten sind in der Zwischenablage. Bitte in die Nachricht einfügen.
diagnostics-by-hand = Diese Diagnosedaten bitte von Hand kopieren: { $text }

## What happened to the mask

undone = Rückgängig auf { $slices }: { $step }.
redone = Wiederholt auf { $slices }: { $step }.
propagated = { $count ->
    [one] Die Maske wurde auf { $count } Schicht übertragen. Rückgängig nimmt das zurück.
   *[other] Die Maske wurde auf { $count } Schichten übertragen. Rückgängig nimmt das zurück.
  }
propagated-nowhere = Keine Nachbarschicht kann diese Maske übernehmen: jede ist schon korrigiert oder hat eine andere Größe.
parts-erased = { $count ->
    [one] { $count } Pixel auf { $slices } wurde gelöscht. Rückgängig bringt es zurück.
   *[other] { $count } Pixel auf { $slices } wurden gelöscht. Rückgängig bringt sie zurück.
  }
parts-none = Die Maske ist bereits ein einziger Teil.
small-parts-erased = { $count ->
    [one] Kleine Teile abseits des Tumors wurden weggelassen, { $count } Pixel auf { $slices }. Rückgängig bringt es zurück.
   *[other] Kleine Teile abseits des Tumors wurden weggelassen, { $count } Pixel auf { $slices }. Rückgängig bringt sie zurück.
  }
all-segmented = { $count ->
    [one] Die Schicht ist segmentiert.
   *[other] Alle { $count } Schichten sind segmentiert. { $marked ->
        [0] Keine hat eine Maske.
        [one] { $marked } hat eine Maske.
       *[other] { $marked } haben eine Maske.
      }
  }
no-volume = Diese Schicht ist einzeln geöffnet, es gibt also kein Volumen zu segmentieren. Bitte ihre Studie öffnen: einen DICOM-Ordner, ein zip oder NIfTI.
frame-is-corrected = Das Netz liest die Region im Rahmen. Um den Rahmen zu verschieben, zuerst die Korrekturen rückgängig machen.
no-other-head = Dort ist kein anderer Kopf. Das Netz liest die Region im Rahmen.
keeps-nothing = Dieser Browser speichert nichts (privates Fenster oder Speicher ausgeschaltet). Bitte stattdessen die Maske speichern.
storage-full = Der Speicher des Browsers ist voll, Korrekturen werden nicht mehr aufbewahrt. Auf dem Bildschirm geht nichts verloren. Bitte die Maske speichern, oder das Aufbewahrte löschen und wieder einschalten.

## Files that were opened, left out or not understood

left-out = Ausgelassen: { $names } ({ $why }).
left-out-others = { $count ->
    [one] { $count } andere Datei ausgelassen ({ $kinds }).
   *[other] { $count } andere Dateien ausgelassen ({ $kinds }).
  }
left-out-doubled = { $count ->
    [one] { $count } doppelte Datei ausgelassen: dasselbe Bild kam zweimal ({ $names }).
   *[other] { $count } doppelte Dateien ausgelassen: dieselben Bilder kamen zweimal ({ $names }).
  }
already-open = { $count ->
    [one] { $count } Bild ist schon geöffnet, als Teil von { $study }.
   *[other] { $count } Bilder sind schon geöffnet, als Teil von { $study }.
  }
file-says = { $name }: { $what }.
joined = { $study } hat nun diese Sequenz: { $sequence }. { $names } gehört zur selben Untersuchung.
joined-choice = { $names } gehört zur selben Untersuchung wie { $study } und kann als Sequenz gewählt werden.
sequence-pre-inline = nativ
sequence-post-inline = nach Kontrastmittel
sequence-both-inline = nativ und nach Kontrastmittel
many-volumes = { $name } enthält { $volumes } Volumina. Das erste ist geöffnet. Ein anderes lässt sich neben dem Bild nach Nummer wählen.
halved = { $name } ist sehr groß. Bild und gespeicherte Maske haben die halbe Breite und Höhe.
nothing-to-open = { $count ->
    [one] Die Datei kann nicht geöffnet werden ({ $kinds }). Bitte DICOM- oder NIfTI-Dateien, ein zip oder Bilder als PNG, JPEG, WebP oder TIFF ablegen.
   *[other] Keine der { $count } Dateien kann geöffnet werden ({ $kinds }). Bitte DICOM- oder NIfTI-Dateien, ein zip oder Bilder als PNG, JPEG, WebP oder TIFF ablegen.
  }
no-such-volume = { $volumes ->
    [one] Es gibt { $volumes } Volumen. Bitte 1 wählen.
   *[other] Es gibt { $volumes } Volumina. Bitte eine Nummer von 1 bis { $volumes } wählen.
  }
mask-size = Die Maske hat nicht die Größe der Studie. Bitte die Seite neu laden.
label-without-study = { $name }: zuerst die Studie öffnen, dann die Datei erneut ablegen.
label-fits-none = { $name }: { $why }. Zuerst die Studie öffnen, dann die Datei erneut ablegen.
label-without-slice = { $name } sieht wie ein Label aus, aber keine Schicht ist geöffnet. Zuerst die Schicht ablegen, dann das Label.
label-of-other-size = { $name }: das Label hat { $own_width } × { $own_height } Pixel, die Schicht { $width } × { $height }. Bitte das Label im Raster der Schicht exportieren.
label-is-mask = { $name } ist wieder die Maske von { $study }. Rückgängig nimmt sie weg.
label-loaded = { $name } wurde als Label von { $study } geladen.
label-fits-others = { $count ->
    [one] Es passt auch zu einer anderen geöffneten Studie: diese Studie zeigen und die Datei erneut ablegen.
   *[other] Es passt auch zu { $count } anderen geöffneten Studien: die gewünschte Studie zeigen und die Datei erneut ablegen.
  }
stackable = { $name }: { $count } Bilder einer Größe, nummeriert wie Schichten eines Volumens.
open-as-volume = Als ein Volumen öffnen
files-at-once = { $count } Dateien auf einmal. Die ersten { $most } werden geöffnet.
file-unreadable = { $name }: nicht lesbar ({ $why }).
sample-not-loaded = Das Beispiel { $name } wurde nicht geladen: { $why }.

## What is wrong with the model or a device

model-not-loaded = Das Modell konnte nicht geladen werden ({ $url }: { $why }). Bitte die Verbindung prüfen und die Seite neu laden.
model-does-not-fit = Das Modell passt nicht zu dieser Version der Seite ({ $why }). Bitte die Seite ohne Zwischenspeicher neu laden.
device-absent = { $device } ist hier nicht verfügbar: { $why }.
device-slow = { $device } ist hier langsamer als die CPU und wird nicht verwendet: mindestens { $own } s je Schicht, die CPU { $cpu } s.
device-wrong = { $device } hat den Selbsttest nicht bestanden und wird nicht verwendet: { $why }. Ergebnisse kommen von einem anderen Gerät.
webgpu-failed = WebGPU ist ausgefallen ({ $why }). Ab jetzt rechnet die CPU. Um WebGPU erneut zu versuchen, die Seite neu laden.
engine-stopped = Das Rechenprogramm wurde beendet ({ $why }). Was zu sehen ist, bleibt. Zum Segmentieren die Seite neu laden.
engine-not-ready = Das Rechenprogramm ist noch nicht bereit. Bitte gleich noch einmal versuchen.
slice-failed = Die Schicht konnte nicht segmentiert werden: { $why }. Bitte noch einmal versuchen.
no-device = Kein Gerät dieses Computers rechnet das Netz richtig. Bitte einen aktuellen Chrome, Edge, Firefox oder Safari verwenden.
why-no-webgpu = dieser Browser hat kein WebGPU
why-no-answer = keine Antwort innerhalb von { $seconds } s
why-no-module-worker = dieser Browser kann keinen Modul-Worker starten
why-not-loaded = die Schicht oder das Modell ist nicht geladen
why-server = der Server antwortete { $status }
why-unknown = der Browser nannte keinen Grund
