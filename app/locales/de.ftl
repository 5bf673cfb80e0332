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
more = Mehr
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
key-enter = Eingabe
command-key = { $help } ({ $key })
command-now = { $help }: { $now }

## Commands: the button, and what it does

command-add = Per Klick hinzufügen
    .help = Auf fehlenden Tumor klicken oder an ihm entlangziehen. Rechtsklick oder Alt entfernt
command-remove = Per Klick entfernen
    .help = In der Maske auf eine Stelle ohne Tumor klicken oder an ihr entlangziehen. Rechtsklick oder Alt fügt hinzu
command-scribble = Strich
    .help = An fehlendem Tumor entlangziehen oder an dem, was keiner ist; auch mit dem Finger. Rechte Taste oder Alt sagt das Gegenteil
command-around = Schleife oder Kasten
    .help = Um einen Tumor ziehen: Er liegt irgendwo darin und reicht nicht über die Linie. Rechte Taste oder Alt: darin kein Tumor
command-say-tumour = Tumor
    .help = Striche und Schleifen zeigen Tumor
command-say-background = Kein Tumor
    .help = Striche und Schleifen zeigen, was kein Tumor ist
command-around-loop = Schleife
    .help = Den Bereich frei umfahren
command-around-box = Kasten
    .help = Von Ecke zu Ecke des Bereichs ziehen
command-point-left = Zeiger nach links
    .help = Zeiger nach links, mit Tasten
command-point-right = Zeiger nach rechts
    .help = Zeiger nach rechts, mit Tasten
command-point-up = Zeiger nach oben
    .help = Zeiger nach oben, mit Tasten
command-point-down = Zeiger nach unten
    .help = Zeiger nach unten, mit Tasten
command-press = Drücken
    .help = Am Zeiger klicken; mit zeichnenden Werkzeugen eine Linie beginnen oder beenden; mit dem Lineal das Ende einer Linie aufnehmen oder loslassen
command-next-end = Nächstes Ende
    .help = Lineal: Zeiger zum nächsten Ende einer Linie. Eingabe nimmt es auf und lässt es los
command-brush = Pinsel
    .help = Tumor einzeichnen. Rechte Taste oder Alt radiert
command-eraser = Radierer
    .help = Aus der Maske radieren. Rechte Taste oder Alt zeichnet ein
command-lasso = Frei füllen
    .help = Tumor frei umfahren. Rechte Taste oder Alt radiert innerhalb der Linie
command-pointer = Zeiger
    .help = Klick setzt das Fadenkreuz aller Ebenen, wie Umschalt und Bewegen mit jedem Werkzeug. Ziehen verschiebt das Bild, wie die mittlere Taste
command-levels = Fensterung
    .help = Seitwärts ziehen: Fensterbreite, auf und ab: Fensterlage. Die rechte Taste tut dies mit den meisten Werkzeugen
command-measure = Lineal
    .help = Ziehen misst eine Länge. Zeigt auch den längsten Durchmesser der Maske und den längsten senkrechten. Enden von Linien lassen sich ziehen
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
command-remove-click = Hinweis löschen
    .help = Den Klick, Strich oder die Schleife löschen, die dem Zeiger am nächsten ist; mit dem Lineal die Länge
command-remove-part = Teil entfernen
    .help = Den ganzen Teil der Maske unter dem Zeiger entfernen
command-before = Vergleichen (halten)
    .help = Halten, um die Maske vor den Korrekturen zu sehen
command-to-next = Auf nächste übertragen
    .help = Nächste Schicht öffnen und mit dieser Maske beginnen
command-through-all = Auf alle übertragen
    .help = Diese Maske nach unten und oben übertragen, bis sie leer ist oder auf eine korrigierte Schicht trifft
command-fill-between = Dazwischen füllen
    .help = Zeichnet die Masken zwischen zwei korrigierten Schichten, über und unter dieser, aus beiden
command-whole-volume = Alle Schichten segmentieren
    .help = Alle Schichten der Studie segmentieren
command-stop = Stopp
    .help = Segmentierung anhalten
command-mask = Maske
    .help = Gefüllte Maske, Kontur, nichts
command-outline = Kontur
    .help = Kontur der Maske ein- oder ausblenden
command-heat = Heatmap
    .help = Tumorwahrscheinlichkeit als Heatmap ein- oder ausblenden
command-label = Label
    .help = Label (Referenz) ein- oder ausblenden
command-window-auto = Auto
    .help = Automatische Fensterung. Mit Zeiger, Fensterung und Lineal auch durch Doppelklick rechts
command-window-full = Voller Bereich
    .help = Fenster über alle Werte
command-window-high = Enges Fenster
    .help = Engeres Fenster, hoher Kontrast
command-window-low = Weites Fenster
    .help = Weiteres Fenster, niedriger Kontrast
command-invert = Invertieren
    .help = Graustufen invertieren
command-window-wider = Weiter
    .help = Weiteres Fenster
command-window-narrower = Enger
    .help = Engeres Fenster
command-window-brighter = Heller
    .help = Heller
command-window-darker = Dunkler
    .help = Dunkler
command-layout-one = Eine Ansicht
    .help = Nur die Schicht
command-layout-main = Haupt- und zwei Nebenansichten
    .help = Die Schicht mit sagittaler und koronarer Reformatierung
command-layout-sequences = Sequenzen
    .help = Die Schicht in jeder ihrer Sequenzen, nebeneinander
command-fit = Einpassen
    .help = Schicht in die Ansicht einpassen; erneut: die Region, die das Netz liest
command-zoom-in = Vergrößern
    .help = Vergrößern
command-zoom-out = Verkleinern
    .help = Verkleinern
command-pan-left = Bild nach links
    .help = Das vergrößerte Bild nach links schieben
command-pan-right = Bild nach rechts
    .help = Das vergrößerte Bild nach rechts schieben
command-pan-up = Bild nach oben
    .help = Das vergrößerte Bild nach oben schieben
command-pan-down = Bild nach unten
    .help = Das vergrößerte Bild nach unten schieben
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
command-next-review = Nächste prüfen
    .help = Die nächste Schicht, die zu prüfen ist
command-accept = Stimmt
    .help = Diese Schicht stimmt; weiter zur nächsten
command-ten-on = Zehn vor
    .help = Zehn Schichten vor
command-ten-back = Zehn zurück
    .help = Zehn Schichten zurück
command-pacs-open = PACS
    .help = Eine Studie aus dem PACS dieser Website öffnen
command-pacs-send = An PACS senden …
    .help = Die Maske an das PACS dieser Website senden; vorher wird gefragt
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
hint-scribbles = an fehlendem Tumor entlang
hint-scribbles-out = an dem entlang, was keiner ist
hint-surrounds = um den Tumor
hint-denies = darin kein Tumor
said = Was die Linie sagt
around-shape = Schleife oder Kasten
hint-paints = zeichnet ein
hint-erases = radiert
hint-encircles = um Tumor fügt ihn hinzu
hint-cuts-out = radiert innerhalb
hint-pans = verschiebt
hint-zooms = zoomt
hint-windows = seitwärts: Breite, auf und ab: Lage
hint-measures = eine Länge oder das Ende einer Linie
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
register-sequence = Auf FLAIR registrieren
    .help = Diese Sequenz nach dem Bildinhalt auf FLAIR legen (starr, Transinformation); das Netz liest sie dann dort
of-sequence = { $sequence }: { $what }
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
    .help = Mit dem Zeiger: verschieben. Mit einem Klickwerkzeug und der Maus: Strich
gesture-part = Umschalt + Rechtsklick
    .help = Den ganzen Teil der Maske unter dem Zeiger entfernen
gesture-right-drag = Rechts ziehen
    .help = Fensterung
gesture-arrows =
    .help = In einer Reformatierung: die Ebene der anderen bewegen
help-files = Dateien
help-files-study = Eine Studie: DICOM (MR-Bilder, Single- oder Multiframe; ein Ordner, viele Dateien oder ein zip, tar, tar.gz oder tgz), NIfTI (nii, nii.gz oder hdr mit img), NRRD (nrrd oder nhdr mit seinen Daten), MetaImage (mha oder mhd mit raw oder zraw), MGH (mgh, mgz) oder ein mehrseitiges TIFF. Native, FLAIR- und Kontrastmittelserien werden an ihrer Beschreibung erkannt. Die Wahl lässt sich neben dem Bild ändern.
help-files-slice = Eine Schicht: PNG, JPEG, WebP oder TIFF mit 8 oder 16 Bit. In einem Farbbild ist Rot nativ, Grün FLAIR und Blau nach Kontrastmittel. Ein Graustufenbild wird für alle drei verwendet.
help-files-label = Ein Label: eine NIfTI-Labelmap oder eine DICOM-Segmentierung für ihre Studie; oder ein Bild, dessen Name auf _mask, _label oder _seg endet oder das nur zwei Graustufen hat, für die Schicht gleichen Namens oder die gezeigte.
help-privacy = Datenschutz
privacy = Alles wird auf diesem Computer berechnet. Kein Bild verlässt diese Seite. Die Seite kann keinen anderen Server erreichen.
privacy-kept = Die Seite selbst ist in diesem Browser gespeichert. Sie öffnet sich und arbeitet ohne Netz.
privacy-loaded = Ist sie geladen, braucht sie kein Netz.
privacy-pacs = Neben einem PACS: Studien kommen vom Host dieser Website und Masken gehen dorthin, nur auf Ihren Wunsch.
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
between-filled = { $count ->
    [one] Die Schicht zwischen den beiden korrigierten wurde aus beiden gefüllt. Rückgängig nimmt das zurück.
   *[other] Die { $count } Schichten zwischen den beiden korrigierten wurden aus beiden gefüllt. Rückgängig nimmt das zurück.
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
part-not-fetched = Ein Teil dieser Seite konnte nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es erneut. Wenn es eine neuere Version der Website gibt, sichern Sie Ihre Arbeit und laden Sie die Seite neu.

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
no-volume-of = Kein Volumen: { $why }.
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

## Die Leiste neben dem Bild

results = Ergebnisse
nothing-open = Nichts geöffnet
finding = Befund
tumour-volume = Tumorvolumen
segmented-so-far = bisher { $segmented } von { $slices ->
    [one] { $slices } Schicht
   *[other] { $slices } Schichten
  } segmentiert
marked-on-none = auf keiner von { $slices ->
    [one] { $slices } Schicht
   *[other] { $slices } Schichten
  }
marked-on = auf { $count } von { $slices ->
    [one] { $slices } Schicht
   *[other] { $slices } Schichten
  }: { $named }
largest-product = Größtes Produkt zweier Durchmesser
keep-largest = Größten Teil behalten
    .help = Auf allen Schichten löschen, was nicht mit dem größten Teil zusammenhängt
this-slice = Diese Schicht
this-slice-numbered = Diese Schicht ({ $number })
waiting-slice = Öffnen Sie eine Schicht, um zu sehen, was das Netz findet.
waiting-failed = Es gibt keine Recheneinheit für die Segmentierung.
waiting-running = Segmentierung läuft …
waiting-stopped = Angehalten.
waiting-engine = Die Schicht wird segmentiert, sobald die Recheneinheit bereit ist.
segment = Segmentieren
share = { $percent } % der Schicht
share-with-pixels = { $pixels } px, { $percent } % der Schicht
product = Produkt { $product }
tumour-present = Tumor vorhanden
tumour-area = Tumorfläche
diameters = Längster Durchmesser × senkrechter
diameters-drawn = Durchmesser (von Hand)
compute-again = Neu berechnen
sensitivity = Empfindlichkeit
opacity = Deckkraft
skipped = Auf dieser Schicht wurde kein Tumor gefunden, daher wurde keine Kontur berechnet.
segment-anyway = Trotzdem segmentieren
time = Zeit
time-decode = Dekodieren
time-normalise = Normieren
time-encoder = Encoder, Vorhandensein
time-decoder = Decoder
time-mask = Maske
review = { $count ->
    [one] { $count } Schicht prüfen
   *[other] { $count } Schichten prüfen
  }
review-done = Prüfung: fertig
review-unsure = unsicher
review-parts = kleine Teile entfernt
review-end = Ende des Tumors
nothing-outlined = nichts umrandet
slice-numbered = Schicht { $number }
slice-is-right = Schicht { $number } stimmt
lengths = Längen
delete-length = Die Länge löschen: { $name }
compare = Vergleich mit dem Label
comparison = Label neben Maske
comparison-enlarge = Vergrößern
comparison-back = Zurück zur Leiste
save-comparison = Vergleich speichern (PNG)
use-label = Label als Maske
    .help = Von hier an wird das Label korrigiert, als ein Schritt, der rückgängig gemacht werden kann
save = Speichern
save-seg = DICOM SEG
    .help = DICOM-Segmentierung mit Verweisen auf die Bilder
save-nifti = NIfTI-Maske
    .help = Labelkarte auf dem Gitter der Studie
save-report = Bericht
    .help = Eine Seite zum Drucken oder als PDF
save-mask = Maske (PNG)
    .help = Die Maske dieser Schicht, schwarz und weiß
save-picture = Bild (PNG)
    .help = Diese Schicht mit ihrer Maske
save-csv = Messwerte (CSV)
    .help = Messwerte aller Schichten als Tabelle
save-json = JSON
    .help = Messwerte aller Schichten, mit Modell und Gerät
save-more = Mehr
save-dicom-report = Strukturierter Bericht
    .help = DICOM SR mit den Messwerten und die Segmentierung, auf die er verweist, in einem Zip-Archiv
save-dicom-picture = DICOM-Bild
    .help = DICOM Secondary Capture mit den Ebenen des Berichts
save-label-map = SEG als Labelkarte
    .help = DICOM-Segmentierung mit einem Byte je Pixel
save-probabilities = SEG mit Wahrscheinlichkeiten
    .help = DICOM-Segmentierung mit den Wahrscheinlichkeiten des Netzes, vor Strichen von Hand
save-without-patient = Ohne Patientendaten
    .help = Namen, Datumsangaben und Kennungen werden in allem Gespeicherten ersetzt oder weggelassen; Bilder und Ihre Kommentare bleiben, wie sie sind
save-session = Sitzung
    .help = Alle Korrekturen mit ihrem Verlauf, Messwerten und Kommentaren, um anderswo mit denselben Bildern weiterzuarbeiten
session-back = { $name }: { $count ->
    [one] { $count } Schicht hat ihre Korrekturen zurück.
   *[other] { $count } Schichten haben ihre Korrekturen zurück.
  }
session-empty = { $name } enthält keine Korrekturen.
session-other-model = Ein anderes Modell hatte geantwortet; die Masken sind wie gespeichert, ohne ihren Verlauf.
session-studies = Hinzugenommene Studien, eingegebene Daten, verschobene Mittellinien und Registrierungen: { $count } zurück.
session-missing = { $count ->
    [one] { $count } Schicht daraus ist nicht geöffnet
   *[other] { $count } Schichten daraus sind nicht geöffnet
  } ({ $images }). Öffnen Sie hier dieselben Bilder, dann folgen die Korrekturen.
session-corrected = { $name }: { $count ->
    [one] { $count } Schicht wurde hier schon bearbeitet und bleibt, wie sie ist.
   *[other] { $count } Schichten wurden hier schon bearbeitet und bleiben, wie sie sind.
  } Machen Sie das rückgängig und öffnen Sie die Sitzung noch einmal, um ihre Korrekturen zu übernehmen.
session-slices-damaged = { $name }: { $count ->
    [one] die Korrekturen von { $count } Schicht sind beschädigt und wurden ausgelassen.
   *[other] die Korrekturen von { $count } Schichten sind beschädigt und wurden ausgelassen.
  }
session-damaged = { $name } ist beschädigt oder keine Sitzung dieses Programms. Nichts wurde geändert; kopieren Sie die Datei noch einmal.
session-newer = { $name } wurde von einer neueren Version dieses Programms gespeichert. Nichts wurde geändert; öffnen Sie die Datei mit jener Version.
session-not-written = Die Sitzung konnte nicht gespeichert werden: { $why }. Auf dem Bildschirm ging nichts verloren.
keep = Korrekturen auf diesem Computer behalten
kept = { $slices ->
    [one] { $slices } Schicht behalten; ihre Korrekturen kommen wieder, wenn ihre Datei geöffnet wird.
   *[other] { $slices } Schichten behalten; ihre Korrekturen kommen wieder, wenn ihre Dateien geöffnet werden.
  }
forget = Vergessen
model = { $model } auf { $device }, { $adapter }.
model-dice = Mittlerer Volumen-Dice an unbekannten Patienten { $dice }.
model-card = Modellkarte
models = Anderes Modell
no-prompts = Dieses Modell nimmt keine Klicks, Striche und Umrandungen an. Pinsel, Radierer und Lasso ändern seine Maske.
pixels-without-spacing = Wo eine Datei keine Pixelabstände nennt, wird in Pixeln gemessen.
by-slice = Schicht für Schicht
by-slice-slice = Schicht
by-slice-area = Fläche { $unit }²
by-slice-longest = längster { $unit }
by-slice-across = quer

## Das Bild, die Kurve darunter und die anderen Ansichten

slice-with-overlays = Schicht mit Überlagerungen
slice-of = Schicht { $number } von { $slices }
slice-said = Schicht { $number } von { $slices }: { $area }
probe = Spalte { $column }, Zeile { $row }: { $value }
sides = Seiten
side-unknown = Seite unbekannt
legend-mask = Maske
legend-region = gelesener Bereich
    .help = ; ein Klick auf ein anderes Bild verschiebt den Rahmen
legend-other = anderer Zeitpunkt
legend-label = Label
propagating = Übertragung, Schicht { $slice } …
segmenting-volume = Segmentierung { $done } von { $total }{ $cores ->
    [one] {""}
   *[other] {" "}auf { $cores } Kernen
  }{ $left }
time-left = , noch { $time }
seconds = { $count } s
minutes = { $count } min
not-segmented = nicht segmentiert
no-tumour = kein Tumor
corrected = korrigiert
to-review = zu prüfen
area-by-slice = Fläche je Schicht
area-largest = max. { $area }
area-slider = Schicht auf dem Schirm, nach Tumorfläche
reformats = Rekonstruktionen
sagittal = Sagittal
coronal = Koronar
not-to-scale = nicht maßstäblich
reformat-help = Klick oder Pfeiltasten verschieben das Fadenkreuz; Doppelklick oder Enter zeigt diese Ansicht allein. Klicks und Pinsel wirken auf axialen Schichten, die das Netz liest
work-on = Auf { $name } arbeiten
hint-aims = setzt das Fadenkreuz

## Verweise auf Studien

linked-no-address = „{ $written }“, das die Adresse dieser Seite nach study= nennt, ist keine Adresse.
linked-elsewhere = „{ $written }“ liegt auf einer anderen Website. Ein Verweis öffnet nur Studien dieser Website: Laden Sie die Studie herunter und ziehen Sie sie hierher.
linked-not-loaded = „{ $written }“, das die Adresse dieser Seite nennt, wurde nicht geladen: { $why }. Prüfen Sie die Adresse.

## Das PACS der Website

pacs-open = Aus dem PACS öffnen
pacs-patient = Name des Patienten
pacs-id = Patienten-ID
pacs-date = Datum der Studie
pacs-search = Suchen
pacs-none = Das PACS hat keine solche Studie.
pacs-study = { $id } · { $date } · { $modalities } · { $count ->
    [one] { $count } Bild
   *[other] { $count } Bilder
  }
pacs-series = Serien
    .help = Einzelne Serien dieser Studie wählen
pacs-series-of = Zu öffnende Serien
pacs-series-facts = { $modality } · { $count ->
    [one] { $count } Bild
   *[other] { $count } Bilder
  }
pacs-open-series = { $count ->
    [one] { $count } Serie
   *[other] { $count } Serien
  } öffnen ({ $images ->
    [one] { $images } Bild
   *[other] { $images } Bilder
  })
pacs-open-none = Zum Öffnen eine MR-Serie ankreuzen
pacs-previous = Zurück
pacs-next = Weiter
pacs-cancel = Abbrechen
pacs-searching = Suche …
pacs-asking = Die Studie wird angefragt …
pacs-coming = { $done } von { $of } Bildern
pacs-left-out = { $count ->
    [one] { $count } andere Serie der Studie blieb im PACS ({ $kinds }).
   *[other] { $count } andere Serien der Studie blieben im PACS ({ $kinds }).
  }
pacs-cancelled = Abgebrochen.
pacs-no-mr = Die Studie hat im PACS keine MR-Serie ({ $kinds }). Nichts wurde geöffnet.
pacs-locked = Das PACS lässt Sie nicht ein (Status { $status }). Melden Sie sich bei dieser Website an und versuchen Sie es erneut.
pacs-missing = Das PACS hat keine solche Studie, oder diese Website hat kein PACS unter dicom-web/ (Status 404).
pacs-status = Das PACS konnte nicht antworten (Status { $status }). Versuchen Sie es erneut oder wenden Sie sich an den Betreiber.
pacs-other-answer = Das PACS gab keine DICOM-Antwort („{ $kind }“). Vielleicht antwortete eine Anmeldeseite: Melden Sie sich bei dieser Website an und versuchen Sie es erneut.
pacs-broken-off = Die Antwort des PACS brach nach { $count ->
    [one] { $count } Bild
   *[other] { $count } Bildern
  } ab. Nichts wurde geöffnet; versuchen Sie es erneut.
pacs-silent = Eine Minute lang kam nichts vom PACS. Versuchen Sie es erneut oder wenden Sie sich an den Betreiber.
pacs-unreachable = Das PACS wurde nicht erreicht, oder die Verbindung brach ab ({ $why }). Prüfen Sie das Netz und versuchen Sie es erneut.
pacs-perhaps-stored = Ob die Maske gespeichert wurde, ist nicht bekannt: Sehen Sie im PACS nach, bevor Sie erneut senden.
pacs-send = An PACS senden
pacs-send-what = Die Maske von { $study } geht als neue Serie zu ihrer Studie im PACS, als DICOM-Segmentierung für die Forschung. Die Studie: { $patient }.
pacs-with-report = Mit strukturiertem Bericht der Messwerte
pacs-send-now = Senden
pacs-sending = Wird gesendet …
pacs-sent = { $count ->
    [one] Das PACS hat { $count } Datei bei der Studie gespeichert.
   *[other] Das PACS hat { $count } Dateien bei der Studie gespeichert.
  }
pacs-not-stored = Das PACS hat { $stored } von { $total } Dateien gespeichert (Grund { $reason }). Die Maske ist noch hier: Speichern Sie sie als DICOM SEG.
pacs-study-unknown = Das PACS hat diese Studie nicht, daher wurde nichts gesendet: Die Maske stünde dort allein. Senden Sie zuerst die Bilder dorthin.
pacs-without-patient = „Ohne Patientendaten“ ist gewählt. Solche Dateien haben andere Kennungen und gehörten nicht zur Studie, daher wird nichts gesendet. Wählen Sie es ab, um zu senden.

## Wofür das Netz nicht gemacht ist, und wie sicher es ist

doubt-no-flair = Keine FLAIR in dieser Studie. Das Netz wurde mit FLAIR trainiert; was es auf einer anderen Sequenz markiert, ist unzuverlässig. Öffnen Sie auch die FLAIR-Serie oder wählen Sie sie unten.
doubt-no-head-study = Dies sieht nicht nach axialen MR-Schichten eines Kopfes aus, mit denen das Netz trainiert wurde. Was es hier markiert, bedeutet nichts. Öffnen Sie eine axiale MR-Serie des Kopfes.
doubt-no-head = Dies sieht nicht nach einer axialen MR-Schicht eines Kopfes aus, mit denen das Netz trainiert wurde. Was es hier markiert, bedeutet nichts. Öffnen Sie eine axiale MR-Schicht eines Kopfes.
presence-tumour = Tumor
presence-unsure = Unsicher – diese Schicht ansehen
presence-none = Keiner gefunden
presence-share = Das Netz hält Tumor auf dieser Schicht für { $share } wahrscheinlich.
share-more = mehr als { $percent } %
share-less = weniger als { $percent } %
share-exactly = { $percent } %
presence-drawn = Die Maske wurde von Hand gezeichnet.
presence-erased = Die Maske wurde von Hand gelöscht.
presence-marked = Es markiert trotzdem etwas.
presence-unmarked = Es markiert trotzdem nichts.

## Der Startbildschirm

first-heading = Ein Hirntumor, in einer Sekunde umrandet. Mit einem Klick korrigiert.
first-promise = Läuft auf diesem Computer. Kein Hochladen, kein Konto.
first-try = Mit dieser Schicht ausprobieren
first-files = Dateien öffnen …
first-folder = Ordner öffnen …
first-drop = Studie oder Schicht irgendwo ablegen oder einfügen: DICOM, NIfTI, zip, PNG, JPEG, WebP, TIFF
first-slice = Eine Schicht des Gehirns mit umrandetem Tumor
first-reading = { $files ->
    [one] { $files } Datei wird gelesen …
   *[other] { $files } Dateien werden gelesen …
  }
first-loading = Das Modell wird geladen …
first-failed = Das Modell konnte nicht starten.
first-outlining = Der Tumor wird umrandet …
first-outlined = Auf diesem Computer in { $seconds } s umrandet
first-click = Zum Korrigieren klicken
samples = Beispiele
samples-terms = Nutzungsbedingungen
sample-large = Großer Tumor
sample-small = Kleiner Tumor
sample-missed = Übersehener Tumor
sample-nothing = Kein Tumor
sample-study = Ganze Studie, 3 MB

## Der Rundgang

tour-step = Rundgang, { $number } von 3
tour-see = Ansehen
tour-fix = Korrigieren
tour-compare = Vergleichen
tour-waiting = Das Modell betrachtet diese Schicht …
tour-outlined = Das Modell hat den Tumor orange umrandet, auf diesem Computer. Sehen Sie nun einen, den es übersehen hat.
tour-too-much = Die gestrichelte Kontur stammt von einer Fachperson. Im gelben Ring hat das Modell zu viel markiert: Klicken Sie dorthin.
tour-missed = Die gestrichelte Kontur stammt von einer Fachperson. Das Modell hat diesen Tumor übersehen. Klicken Sie in den gelben Ring.
tour-agrees = Hier stimmt das Modell mit der gestrichelten Kontur der Fachperson überein. Ein Klick korrigiert trotzdem, an beliebiger Stelle.
tour-gain = Ein Klick hat die Übereinstimmung mit der Fachperson (Dice) von { $before } auf { $after } gebracht.
tour-keys = Leertaste oder Auge gedrückt halten zeigt die vorherige Maske; Strg Z macht rückgängig. Legen Sie nun eine eigene Aufnahme ab.
tour-next = Zeigen
tour-done = Fertig
tour-skip = Rundgang überspringen

## Die Seite zeigt sich selbst

bench = Geschwindigkeit dieses Computers
bench-loading = Das Netz wird geladen …
bench-study = Die Beispielstudie wird geöffnet …
bench-slices = { $done } von { $total } Schichten sind segmentiert …
bench-clicks = { $count } Klicks werden gemessen …
bench-done = Kopieren Sie diesen Text in Ihre Nachricht. Er sagt nichts über Patienten.
bench-failed = Das Netz hat nicht geantwortet. Laden Sie die Seite neu, um es noch einmal zu versuchen.
bench-copy = Kopieren
demo-try = Zum Ausprobieren den Bildschirm berühren oder eine Taste drücken.
demo-drop = Eine Schicht irgendwo ablegen. Sie bleibt auf diesem Computer.
demo-mask = Das Modell hat den Tumor hier umrandet, in { $seconds } s.
demo-missed = Hier hat es einen Tumor übersehen. Die gestrichelte Kontur stammt von einer Fachperson.
demo-click = Ein Klick, und es stimmt mit der Fachperson überein: Dice { $dice }, vorher { $before }.
demo-study = Nun eine ganze Studie.
demo-slices = { $slices ->
    [one] Ihre { $slices } Schicht wird hier segmentiert.
   *[other] Alle { $slices } Schichten werden hier segmentiert, eine nach der anderen.
  }
demo-segmented = { $slices ->
    [one] { $slices } Schicht in { $seconds } s, allein auf diesem Computer.
   *[other] { $slices } Schichten in { $seconds } s, allein auf diesem Computer.
  }

## Schritte, die Rückgängig zurücknimmt

step-threshold = Schwellenwert
step-threshold-of = Schwellenwert { $threshold }
step-small-parts = kleine Teile weggelassen
step-largest-part = nur größter Teil
step-between = Schichten dazwischen gefüllt
step-propagated = Maske übertragen
step-from-file = Maske aus einer Datei
step-taken-over = Maske übernommen
step-click = Klick
step-click-waiting = Klick, wird beantwortet
step-scribble = Strich
step-scribble-waiting = Strich, wird beantwortet
step-loop = Schleife
step-loop-waiting = Schleife, wird beantwortet
step-painted = eingezeichnet
step-erased = radiert
step-diameters = Durchmesser
step-diameters-again = Durchmesser neu berechnet
step-length = Länge
step-length-deleted = Länge gelöscht
step-elsewhere = hier nichts

## Messwerte und der Vergleich mit dem Label

amount = { $value } { $unit }
two-lengths = { $longest } × { $across } { $unit }
diameters-with-product = { $lengths }, Produkt { $product }
sensitivity-default = Vorgabe
sensitivity-title = Pixel ab einer Wahrscheinlichkeit von { $threshold } gelten als Tumor. Doppelklick: Vorgabe
dice-of-volume = Dice, ganzes Volumen
iou-of-volume = IoU, ganzes Volumen
both-empty = Label: kein Tumor. Stimmt überein.
figure-image = Bild
figure-label = Label
figure-prediction = Vorhersage
figure-label-in-place = Label im Bild
figure-prediction-in-place = Vorhersage im Bild
saved-incomplete = { $unknown } von { $slices ->
    [one] { $slices } Schicht
   *[other] { $slices } Schichten
  } noch nicht segmentiert: davon wird nur Eingezeichnetes gespeichert. „Alle Schichten segmentieren“ holt das nach.
whole-withheld = In dieser Studie gibt es keine FLAIR. „Trotzdem segmentieren“ in der Leiste wählen oder die FLAIR-Serie öffnen.

## Der Bericht

report-explained = Eine Seite: die Maske in drei Ebenen, ihre Messwerte, die Fläche jeder Schicht und Ihre Kommentare. Um sie als Datei zu behalten, im Druckdialog des Browsers „Als PDF speichern“ wählen.
report-comments = Kommentare
report-print = Drucken
report-heading = Gliolens · Tumorsegmentierung
report-check = Orange: die Maske. Ein neuronales Netz hat sie gezeichnet; ein Mensch muss sie prüfen. Patientendaten werden nicht gedruckt.
report-patient = Patient/in
report-reader = Befundet von
report-day = Datum
report-slice = Schicht
report-study-date = Datum der Untersuchung
report-unknown = unbekannt
report-voxel = Voxel
report-voxel-size = { $x } × { $y } × { $z } mm
report-voxel-unknown = Größe unbekannt
report-segmented = Segmentierte Schichten
report-segmented-of = { $segmented } von { $slices }
report-largest-area = Größte Fläche
report-largest-product = Größtes Produkt
report-diameters = Durchmesser
report-nothing-marked = kein Tumor markiert
report-on-slice = Schicht { $number }: { $what }
report-drawn = { $lengths }, von Hand gemessen
report-volume-dice = Volumen-Dice
report-threshold = Schwellenwert
report-threshold-own = { $threshold } (Vorgabe)
report-threshold-other = { $threshold }
report-small-parts = Kleine Teile
report-left-out = weggelassen
report-series-registered = { $name }, auf FLAIR registriert
report-left-out-on = weggelassen: { $slices }
report-corrected = Von Hand korrigiert
yes = ja
no = nein
report-network = Netz
report-network-version = { $model }, Version { $version }
report-no-network = kein Netz
report-device = Gerät
report-no-device = keines
report-date = Datum des Berichts
report-area = Fläche
report-longest = Längster
report-across = Senkrechter
report-row-corrected = Korrigiert
report-more = { $count ->
    [one] und { $count } weitere Schicht mit kleinerer Fläche
   *[other] und { $count } weitere Schichten mit kleineren Flächen
  }
area-in-unit = Fläche in { $unit } je Schicht
plane-axial = Axial, Schicht { $slice } von { $slices }
plane-sagittal = Sagittal, Spalte { $column }
plane-coronal = Koronar, Zeile { $row }

# Verlauf: mehrere Untersuchungen eines Patienten

follow-up = Verlauf
follow-up-join = „{ $name }“ hinzunehmen
    .help = Diese Untersuchung ist von derselben Person: beide vergleichen
follow-up-part = andere Person
follow-up-date = Datum
follow-up-date-of = Datum von { $name }
follow-up-change = Änderung
follow-up-diameter = mittlerer Durchmesser { $length }
follow-up-product = Produkt { $percent }
follow-up-interval = 95-%-Intervall { $low } bis { $high }
follow-up-incomplete = Nicht alle Schichten sind segmentiert: Die Zahlen gelten für die segmentierten.
follow-up-velocity = Mittlerer Durchmesser: { $rate } mm/Jahr über { $days } Tage (95-%-Intervall { $low } bis { $high }, aus dem Fehler der Masken des Netzes).
follow-up-fast = Das ist mehr als 8 mm/Jahr.
follow-up-fast-unsure = Das ist mehr als 8 mm/Jahr, aber das Intervall reicht darunter.
follow-up-areas = Fläche entlang des Kopfes, nach mm von den Füßen her: orange diese Untersuchung, grün { $name }
follow-up-corrected = Masken sind von Hand korrigiert. Die Intervalle gelten für Masken des Netzes; die korrigierter Masken sind nicht bekannt.
follow-up-unscaled = Nicht im Verlauf, weil die Dateien nicht sagen, wie groß ein Voxel ist: { $names }.
follow-up-identifier = Eine Untersuchung mit derselben Patienten-ID ist offen, aber Name oder Geburtsdatum sind andere, fehlen oder unterscheiden niemanden. Gehört sie derselben Person, nehmen Sie sie hinzu.
follow-up-no-date = Ein Datum fehlt, daher keine Rate.
follow-up-same-day = Alle sind vom selben Tag, daher keine Rate.
follow-up-one = Es gibt nur eine Untersuchung, daher keine Rate.
rano-complete = komplette Remission
rano-partial = partielle Remission
rano-minor = geringe Remission
rano-stable = stabile Erkrankung
rano-progressive = progrediente Erkrankung
follow-up-products = { $count ->
    [one] dem Produkt der Durchmesser einer Läsion
   *[other] der Summe der Produkte der Durchmesser von { $count } Läsionen
  }
follow-up-class = RANO-LGG 2011 allein nach { $by }: { $class } ({ $first } seit der ersten Untersuchung, { $least } seit der kleinsten). Eine berechnete Zahl, keine Diagnose.
follow-up-class-new = RANO-LGG 2011 nach einer neuen Läsion: { $class }, unabhängig von { $by } ({ $first } seit der ersten Untersuchung, { $least } seit der kleinsten). Eine berechnete Zahl, keine Diagnose.
follow-up-no-class = Die erste Untersuchung hat keine Läsion zum Vergleich, daher keine RANO-Klasse.
follow-up-not-measurable = Nicht in jeder Untersuchung ist eine Läsion groß genug, um als messbar zu gelten.
follow-up-criteria = Kriterien
follow-up-criteria-are = Komplette Remission: keine Läsion mehr. Partielle: Produkt um { $partial } % oder mehr kleiner. Geringe: um { $minor } bis { $partial } % kleiner. Progrediente Erkrankung: um { $progression } % oder mehr größer als im kleinsten Stand, oder eine neue Läsion. Stabil: alles andere. Messbar: beide Durchmesser mindestens { $mm } mm auf mindestens { $slices } Schichten. Von mehreren Läsionen, den zusammenhängenden Teilen der Maske, werden die Produkte der messbaren addiert, höchstens die { $most } größten; was zuvor messbar war, zählt mit. Neue Läsion: ein Teil der Maske von mindestens { $ml } ml, der mehr als { $margin } mm Abstand von der Maske der Untersuchung davor hat, sobald beide registriert sind. Nicht beurteilt: Anreicherung, Bestätigung nach vier Wochen, Kortikosteroide, Zustand der Person. Quelle: doi 10.1093/noajnl/vdad118.
new-lesions-found = { $count ->
    [one] Eine neue Läsion
   *[other] { $count } neue Läsionen
  } seit der Untersuchung davor, zusammen { $volume }.
new-lesion-on = Schicht { $slice }, { $volume }
new-lesions-none = Keine neue Läsion seit der Untersuchung davor.
new-lesions-not-registered = Nach neuen Läsionen wird nicht gesucht: nicht registriert.
new-lesions-unsure = Nach neuen Läsionen wird nicht gesucht: Die Registrierung ist unsicher.
new-lesions-not-segmented = Nach neuen Läsionen wird nicht gesucht: Nicht alle Schichten sind segmentiert.
compare-studies = Nebeneinander
    .help = Einen anderen Zeitpunkt neben der Schicht zeigen, an derselben Stelle im Patienten
fade = { $name } einblenden
    .help = Dieselbe Stelle zum anderen Zeitpunkt, über die Schicht gelegt
compare-with = Neben der Schicht
registered = registriert
not-registered = nicht registriert
register = Registrieren
    .help = Beide Untersuchungen nach ihrem Inhalt aufeinanderlegen (starr, Transinformation)
registering = Registrierung, { $percent } % …
registered-by = Registriert: um { $turn }° gedreht, um { $shift } mm verschoben; wiederholte Suchen stimmen auf { $spread } mm überein.
registered-unsure = Wiederholte Suchen stimmen nur auf { $spread } mm überein: Übereinstimmung bitte ansehen.
linked-by-headers = Nicht registriert: nach der Lage in den Dateien verbunden.
linked-by-middles = Nicht registriert: Die Dateien nennen keine Lage, daher liegen die Mitten aufeinander.
unregister = Registrierung zurücknehmen
not-registered-why = Nicht zu registrieren: { $why }.

report-days = Tag { $days }

# Drei Dimensionen

space = Tumor in drei Dimensionen
    .help = Ziehen dreht, das Rad vergrößert; Doppelklick oder Enter zeigt diese Ansicht allein
space-caption = 3D
space-turn = Drehen
space-loading = Wird geladen …
space-failed = Die 3D-Ansicht konnte nicht starten ({ $why }). Sie braucht WebGL2.
space-empty = Noch ist nichts markiert.
space-unscaled = Die Dateien sagen nicht, wie groß ein Voxel ist, daher keine 3D-Ansicht.
command-layout-four = Vier Ansichten
    .help = Die Schicht, beide Reformatierungen und der Tumor in 3D
command-layout-follow-up = Zwei Zeitpunkte
    .help = Die Schicht neben derselben Stelle in einer anderen Untersuchung
command-both-times = Beide Zeitpunkte
    .help = Auch den Tumor des anderen Zeitpunkts zeigen, sobald beide registriert sind
save-stl = Oberfläche (STL)
    .help = Oberfläche des Tumors in mm, für 3D-Druck und andere Programme
save-obj = Oberfläche (OBJ)
    .help = Oberfläche des Tumors in mm, als Wavefront OBJ
save-glb = Oberfläche (GLB)
    .help = Oberfläche des Tumors als binäres glTF
save-timeline = Verlauf (CSV)
    .help = Daten, Volumina, Produkte und Änderungen aller Untersuchungen dieser Person

# Wo der Tumor liegt

location-name = Lage
location = { $side }, Mitte { $middle } und nächster Rand { $nearest } von der Mittellinie (nach Symmetrie)
location-crosses = { $percent } % { $side }, über die Mittellinie (nach Symmetrie); Mitte { $middle } davon
location-unsure = Der Kopf ist dafür nicht symmetrisch genug.
side-left = linke Hemisphäre
side-right = rechte Hemisphäre
side-picture-left = linke Bildseite (Seite des Patienten unbekannt)
side-picture-right = rechte Bildseite (Seite des Patienten unbekannt)
midline = Mittellinie
    .help = Die Mittellinie auf der Schicht zeigen, zum Prüfen und Verschieben
midline-left = Mittellinie 1 mm nach links
midline-right = Mittellinie 1 mm nach rechts

## What the readers of files say after the file's name. In English the readers say it themselves.

reader-foreign-empty = eine leere Datei; bitte erneut herunterladen oder kopieren
reader-foreign-cut = eine beschädigte oder abgeschnittene { $layer }-Datei; bitte erneut herunterladen oder kopieren
reader-layers-nested = zu oft ineinander komprimiert; bitte zuerst entpacken
reader-foreign-dicomdir = ein DICOMDIR, das Inhaltsverzeichnis einer Disc; bitte den ganzen Ordner ablegen, in dem es liegt
reader-foreign-cifti = eine CIFTI-Datei mit Werten auf Hirnoberflächen; bitte ein Volumen als NIfTI ablegen
reader-foreign-gifti = eine GIFTI-Datei mit Hirnoberflächen; bitte ein Volumen als NIfTI ablegen
reader-foreign-freesurfer = eine Oberfläche von FreeSurfer; bitte stattdessen das Volumen (.mgz) ablegen
reader-foreign-minc = ein MINC-Volumen; bitte in NIfTI umwandeln (mnc2nii x.mnc x.nii)
reader-foreign-afni = eine Datei eines AFNI-Volumens (.HEAD, .BRIK); bitte in NIfTI umwandeln (3dAFNItoNIFTI x+orig)
reader-foreign-mrtrix = ein Volumen von MRtrix; bitte in NIfTI umwandeln (mrconvert x.mif x.nii.gz)
reader-foreign-par-rec = eine Datei eines PAR/REC-Paars von Philips; bitte in NIfTI umwandeln (dcm2niix) oder als DICOM exportieren
reader-foreign-interfile = ein Interfile-Header; bitte das Volumen in NIfTI umwandeln oder als DICOM exportieren
reader-foreign-raw-data = Rohdaten eines Scanners vor der Rekonstruktion; bitte die Bilder als DICOM exportieren
reader-foreign-tracts = eine Datei von Nervenbahnen (TrackVis, MRtrix), die keine Bilder enthält
reader-foreign-vtk = eine VTK-Datei; bitte das Volumen als NIfTI speichern
reader-foreign-numpy = ein NumPy-Array, das nicht sagt, wo seine Zahlen liegen; bitte als NIfTI speichern (nibabel)
reader-foreign-matlab = eine MATLAB-Datei; bitte das Volumen als NIfTI speichern (niftiwrite)
reader-foreign-hdf5 = eine HDF5-Datei; bitte das Volumen darin als NIfTI speichern
reader-foreign-netcdf = eine netCDF-Datei; bitte das Volumen darin als NIfTI speichern (MINC 1: mnc2nii)
reader-foreign-pickle = ein Pickle von Python oder ein Modell von PyTorch; bitte das Volumen darin als NIfTI speichern
reader-foreign-sqlite = eine SQLite-Datenbank; bitte die Bilder als DICOM exportieren
reader-foreign-picture = ein Bild in einem Format, das nicht gelesen wird ({ $kind }); bitte als PNG oder JPEG speichern oder die DICOM-Datei ablegen, aus der es entstand
reader-foreign-video = ein Video ({ $kind }); bitte seine Bilder als PNG speichern oder die DICOM-Dateien ablegen, aus denen es entstand
reader-foreign-sound = eine Tondatei, die keine Bilder enthält
reader-foreign-archive = ein Archiv, das nicht gelesen wird ({ $kind }); bitte zuerst entpacken und seine Dateien ablegen
reader-foreign-piece-of-zip = ein Teil eines Zip-Archivs oder ein beschädigtes; bitte alle Teile zusammen entpacken und ihre Dateien ablegen
reader-foreign-disc = das Abbild einer Disc; bitte öffnen und die Dateien darin ablegen
reader-foreign-pdf = ein PDF-Dokument; Befunde enthalten keine Bilder zum Messen, bitte die DICOM-Dateien ablegen
reader-foreign-office = ein Office-Dokument; eingefügte Bilder sind keine Aufnahmen mehr, bitte die DICOM-Dateien ablegen
reader-foreign-program = ein Programm ({ $kind }), das keine Bilder enthält
reader-foreign-pointer = ein Verweis von Git LFS oder git-annex auf eine Datei, die nicht heruntergeladen wurde; bitte die Datei selbst herunterladen (git lfs pull, git annex get)
reader-foreign-text = eine Textdatei, die keine Bilder enthält
reader-foreign-json = eine JSON-Datei, die Bilder begleitet, aber keine enthält
reader-foreign-xml = eine XML-Datei, die keine Bilder enthält
reader-foreign-html = eine Webseite (HTML), vielleicht anstelle einer Datei, die eine Anmeldung braucht; bitte die Datei erneut herunterladen
reader-foreign-table = eine Tabelle (CSV oder TSV), die keine Bilder enthält
reader-foreign-unknown = eine Datei unbekannter Art; Schichten kommen als PNG, JPEG, WebP oder TIFF, Volumen als DICOM oder NIfTI
reader-layer-damaged = die { $layer }-Datei ist beschädigt oder abgeschnitten; bitte erneut herunterladen oder kopieren ({ $detail })
reader-unpacks-too-large = entpackt ist der Inhalt zu groß; bitte zuerst entpacken und eine Studie ablegen
reader-archive-damaged = das Archiv ist beschädigt oder abgeschnitten; bitte erneut herunterladen oder kopieren ({ $detail })
reader-archive-password = durch ein Passwort geschützt; bitte das Archiv zuerst entpacken und seine Dateien ablegen
reader-archive-method = mit { $method } komprimiert, das nicht gelesen wird; bitte als gewöhnliches Zip-Archiv packen
reader-archive-same-names = heißt wie eine andere Datei im Archiv; bitte jede Datei unter eigenem Namen packen
reader-archive-empty = das Archiv ist leer; bitte erneut packen oder herunterladen
reader-archive-nested = liegt in zu vielen Archiven ineinander; bitte zuerst entpacken
reader-missing-half = die zugehörige Datei ({ $half }) fehlt; bitte beide zusammen ablegen
reader-missing-files = { $count } von { $of } Dateien mit den Zahlen fehlen ({ $names }); bitte alle zusammen ablegen
reader-dicom-damaged = die DICOM-Datei ist beschädigt oder abgeschnitten; bitte erneut kopieren oder exportieren ({ $detail })
reader-dicom-syntax = die Pixel haben die Transfersyntax { $syntax }, die nicht unterstützt wird; bitte unkomprimiert exportieren
reader-dicom-length = die Pixeldaten haben { $found } Bytes, wo der Header { $expected } verspricht; bitte erneut kopieren oder exportieren
reader-dicom-too-large = der Header nennt { $columns } × { $rows } × { $frames } Pixel, mehr als gelesen werden können; bitte kleiner oder in Teilen exportieren
reader-dicom-values = die Pixel ergeben nicht die Werte, die der Header nennt; bitte unkomprimiert exportieren
reader-dicom-header = im Header fehlt eine brauchbare Angabe ({ $detail }); bitte erneut exportieren
reader-left-localiser = ein Localizer
reader-left-mosaic = viele Schichten nebeneinander auf einem Bild, und der Header sagt nicht, wo sie liegen; bitte in NIfTI umwandeln, etwa mit dcm2niix
reader-left-colour = eine Farbaufnahme, keine MR-Intensitäten
reader-left-not-mr = kein MR-Bild ({ $kind })
reader-left-no-pixels = kein Bild ({ $kind })
reader-nifti-pair = der Header eines Paars (.hdr, .img); bitte beide zusammen ablegen
reader-no-image = enthält { $size } Zahlen (eine Oberfläche, Reihe oder Tabelle), also kein Bild; bitte ein Volumen ablegen
reader-no-volume = enthält { $count } Volumen, keines davon hat die Nummer { $number }
reader-grid-damaged = die { $format }-Datei ist beschädigt oder abgeschnitten; bitte erneut herunterladen oder kopieren ({ $detail })
reader-grid-values = die { $format }-Datei enthält Werte, die keine Intensitäten sind; bitte als ganze Zahlen oder Gleitkommazahlen speichern
reader-grid-encoding = die Zahlen der { $format }-Datei sind so geschrieben, dass sie nicht gelesen werden ({ $detail }); bitte roh oder mit gzip speichern
reader-grid-elsewhere = ein { $format }-Header, dessen Zahlen in anderen Dateien liegen ({ $count }: { $names }); bitte alle zusammen ablegen
reader-grid-too-large = der { $format }-Header nennt { $bytes } Bytes, mehr als gelesen werden können; bitte kleiner oder als weniger Volumen speichern
reader-seg-kind = eine Segmentierung der Art { $kind }, die nicht gelesen wird; bitte als BINARY, LABELMAP oder FRACTIONAL speichern
reader-seg-damaged = die DICOM-Segmentierung ist beschädigt ({ $detail })
reader-seg-pixels = die DICOM-Segmentierung kann nicht gelesen werden: { $detail }
reader-seg-other-study = markiert Bilder, die nicht zur Studie auf dem Bildschirm gehören
reader-seg-together = alle Segmente gelten zusammen als Tumor: { $names }
reader-seg-chosen = als Tumor gelten die Segmente: { $taken }; nicht gezählt: { $left }
reader-seg-half = die Segmentierung enthält Anteile; Pixel ab der Hälfte des Höchstwerts { $most } gelten als markiert
reader-seg-threshold = die Segmentierung enthält Wahrscheinlichkeiten; Pixel ab dem Schwellenwert { $threshold } der Datei gelten als markiert
reader-label-grid = markiert ein Gitter von { $found } Voxeln, die Studie hat { $expected }
reader-label-elsewhere = das Gitter ist so groß wie das der Studie, liegt aber an anderer Stelle im Patienten oder ist gedreht
reader-unplaced = { $first } und { $second } haben verschiedene Gitter, und nicht beide sagen, wo im Patienten sie liegen; bitte eines weglassen
reader-no-flair = es gibt kein FLAIR-Volumen
reader-stack-too-few = ein Bild ist kein Volumen; bitte zwei oder mehr Schichten wählen
reader-stack-sizes = { $first } und { $other } sind verschieden groß; ein Volumen braucht Schichten einer Größe
reader-picture-unknown = kein PNG-, JPEG-, WebP- oder TIFF-Bild, was auch immer der Name sagt; bitte als solches speichern
reader-picture-too-large = das Bild soll { $width } × { $height } Pixel haben, mehr als gelesen werden können; bitte kleiner speichern
reader-picture-too-small = das Bild hat nur { $width } × { $height } Pixel; bitte das Original ablegen
reader-picture-pages = die Datei hat mehr als { $pages } Seiten, mehr als jeder Schichtstapel; bitte nur die gemeinten Schichten speichern
reader-picture-pages-large = die Seiten der Datei brauchen zusammen { $mib } MiB, mehr als gelesen werden können; bitte weniger in einer Datei speichern
reader-file-damaged = die Datei ist beschädigt oder abgeschnitten; bitte erneut herunterladen oder kopieren ({ $detail })
reader-register-unspaced = eine Datei sagt nicht, wie weit ihre Voxel auseinander liegen, also lassen sich Größen nicht vergleichen; bitte mit ihrem Header öffnen
reader-register-unplaced = nur eine der beiden sagt, wo im Patienten sie liegt; bitte beide mit ihren Headern öffnen
reader-register-empty = alle Voxel eines Volumens sind gleich; bitte eine andere Sequenz wählen
reader-register-overlap = nur { $percent } % des Kopfes sind in beiden; bitte Serien wählen, die denselben Teil zeigen
reader-register-unsure = Suchen von verschiedenen Orten enden { $mm } mm auseinander, also ist keiner zu trauen; bitte eine andere Sequenz wählen
reader-register-unlike = beide haben nichts gemeinsam; bitte prüfen, ob sie denselben Kopf zeigen
reader-register-cancelled = abgebrochen
reader-link-unspaced = die Dateien sagen nicht, wie weit die Voxel auseinander liegen
reader-link-flat = die Gitter haben kein Volumen
reader-surface-unspaced = die Datei sagt nicht, wie weit ihre Voxel auseinander liegen, also hat eine Oberfläche keine Größe; bitte mit ihrem Header öffnen
reader-surface-empty = nichts ist markiert; bitte zuerst etwas zeichnen oder segmentieren
reader-write-no-reference = DICOM-Dateien einer Maske verweisen auf DICOM-Bilder, und diese Studie hat keine; bitte stattdessen NIfTI speichern
reader-write-empty = die Maske ist leer, was eine DICOM-Segmentierung nicht sein kann; es gibt nichts zu speichern
reader-write-failed = die DICOM-Datei konnte nicht geschrieben werden ({ $detail })
reader-archive-not-written = das Archiv konnte nicht geschrieben werden ({ $detail })
reader-odd-mixed = die Bilder unterscheiden sich in Größe, Richtung oder Abstand; sie wurden in { $count } Volumen sortiert, das größte zuerst
reader-odd-localisers = { $count } Bilder sehen wie Localizer aus, da es wenige sind und sie anders liegen als die übrigen; sie wurden nicht verwendet ({ $names })
reader-odd-doubled = Schichten, die eine andere Datei auch enthält ({ $count }, zuerst { $first }); die erste wurde verwendet
reader-odd-one-place = alle { $count } Bilder zeigen einen Ort; sie stehen in der Reihenfolge ihrer Nummern, Maße sind in Pixeln, und Reformationen bedeuten nichts
reader-odd-turning = jedes der { $count } Bilder hat eine eigene Richtung; sie stehen in der Reihenfolge ihrer Nummern, Maße sind in Pixeln, und Reformationen bedeuten nichts
reader-odd-repeated = von jedem Ort gibt es { $count } Bilder (Echos, Zeiten oder Wiederholungen); sie wurden in { $count } Volumen sortiert
reader-odd-lost = Bilder, die nicht sagen, wo sie liegen ({ $count }, zuerst { $first }), wurden nicht verwendet
reader-odd-duplicates = Bilder am Ort einer anderen Schicht ({ $count }, zuerst { $first }); das erste wurde verwendet
reader-odd-gap = zwischen { $after } und { $before } liegen { $gap } mm, üblich sind { $step } mm; dort fehlen Schichten, Volumen und Reformationen sind nur ungefähr
reader-odd-uneven = zwischen { $after } und { $before } liegen { $gap } mm, üblich sind { $step } mm; die Schichten liegen ungleichmäßig, Volumen und Reformationen sind nur ungefähr
reader-odd-no-place = die Dateien sagen nicht, wo im Patienten sie liegen; Seiten sind unbekannt, Schichten stehen in der Reihenfolge der Dateien
reader-odd-no-spacing = die Dateien nennen keinen brauchbaren Pixelabstand; Maße sind in Pixeln
reader-odd-forms = der Header sagt zweimal, wo das Volumen liegt, und beides unterscheidet sich um bis zu { $mm } mm; verwendet wurde das erste (sform), wie NIfTI es verlangt
reader-odd-forms-mirrored = der Header sagt zweimal, wo das Volumen liegt, und beides unterscheidet sich um bis zu { $mm } mm und vertauscht links und rechts; verwendet wurde das erste (sform), wie NIfTI es verlangt
reader-odd-sform = die Matrix im Header, die den Ort angibt (sform), ist unbrauchbar; verwendet wurde die Drehung daneben (qform)
reader-odd-analyze = eine Analyze-Datei, die nicht sagt, welche Seite links ist; Seiten sind unbekannt
reader-odd-first-of = enthält { $count } Volumen, zu viele, um sie zusammen zu öffnen; das erste wurde geöffnet, jedes andere öffnet sich durch seine Nummer
reader-odd-pages = { $count } Seiten der Datei wurden nicht verwendet (Vorschaubilder, Masken oder andere Größen)
reader-odd-missing-numbers = nach den Nummern fehlen Schichten ({ $count }: { $numbers }); Volumen und Reformationen sind nur ungefähr
reader-odd-not-finite = { $count } Werte sind keine Zahlen; sie erscheinen als die dunkelsten
reader-odd-outliers = { $count } Werte liegen weit jenseits aller anderen; sie wurden auf deren Bereich begrenzt
reader-same-patient = wird demselben Patienten zugerechnet wie die Dateien daneben, deren Namen anders beginnen ({ $first }, { $second }); wenn das falsch ist, bitte die Dateien jedes Patienten für sich ablegen
reader-same-names = mehrere Dateien heißen so; wenn sie von mehreren Patienten sind, bitte den Ordner jedes Patienten für sich ablegen
reader-same-as-screen = wird demselben Patienten zugerechnet wie die Studie auf dem Bildschirm, die kein FLAIR hatte; wenn das falsch ist, bitte diese Studie schließen und die Dateien jedes Patienten für sich öffnen
