### The page in English. Every text is here; other languages may lack some, which are then said in English.
### Format: Fluent (https://projectfluent.org). One message a line, in words of radiologists, one idea a sentence.

## The page

page-title = Gliolens: tumour segmentation in your browser
tagline = tumour segmentation in your browser
research-use = Research use, not a medical device
    .short = Research use
language = Language
language-failed = { $name } could not be loaded. Check the connection and choose it again.
two-sentences = { $first } { $second }
names-and-more = { $names } and { $more } more
close = Close
dismiss = Dismiss
dismiss-all = Dismiss all
drop-hint = Drop studies, slices or labels anywhere
viewer = Viewer
tools = Tools
tool = Tool
history = History
propagate = Propagate the mask

## Numbers and slices

counted-slices = { $count ->
    [one] { $count } slice
   *[other] { $count } slices
  }
counted-voxels = { $count ->
    [one] { $count } voxel
   *[other] { $count } voxels
  }
slices-named = { $count ->
    [one] slice { $numbers }
   *[other] slices { $numbers }
  }
all-slices = all slices
pixels-of-radius = { $radius } px

## The top bar

display = Display
open = Open
    .name = Open files
    .help = Open files
more = More
open-folder = Folder
    .name = Open a folder
    .help = Open all files of a folder, DICOM files without an extension too
sequence = Sequence
sequence-pre-short = Pre
sequence-post-short = Post
sequence-composite = RGB
overlay = Overlay
window = Window
    .help = Window presets (1 to 4)
window-manual = Manual
layout = Layout

## The engine

engine-loading = Loading engine …
engine-loading-part = Loading engine { $loaded } MB
model-loading = Loading model { $loaded } of { $total } MB
engine-testing = Testing { $device } …
engine-ready = Ready on { $device }
    .help = { $model } on { $device } ({ $adapter }). Self-test: largest difference of a logit { $difference }.
engine-none = No engine
webgpu-testing = testing WebGPU …
    .help = The CPU answers in the meantime. WebGPU takes over if its results are correct and faster.
webgpu-refused = why not WebGPU?
works-offline = works offline
    .help = The page is stored on this computer. It opens and works without a network.

## Keys

key-ctrl = Ctrl
key-shift = Shift
key-space = Space
key-page-down = Page ↓
key-page-up = Page ↑
key-delete = Del
key-backspace = Backspace
key-escape = Esc
key-enter = Enter
command-key = { $help } ({ $key })
command-now = { $help }: { $now }

## Commands: the button, and what it does

command-add = Add by click
    .help = Click on missed tumour, or drag along it. Right click or Alt removes
command-remove = Remove by click
    .help = Click inside the mask where there is no tumour, or drag along it. Right click or Alt adds
command-scribble = Scribble
    .help = Drag along missed tumour, or along what is none; by finger too. Right button or Alt says the opposite
command-around = Loop or box
    .help = Drag around a tumour: it lies somewhere inside, and nowhere across the line. Right button or Alt: no tumour inside
command-say-tumour = Tumour
    .help = Scribbles and loops mark tumour
command-say-background = No tumour
    .help = Scribbles and loops mark what is no tumour
command-around-loop = Loop
    .help = Draw freehand around the region
command-around-box = Box
    .help = Drag from corner to corner of the region
command-point-left = Pointer left
    .help = Pointer left, by keys
command-point-right = Pointer right
    .help = Pointer right, by keys
command-point-up = Pointer up
    .help = Pointer up, by keys
command-point-down = Pointer down
    .help = Pointer down, by keys
command-press = Press
    .help = Click at the pointer; begin or end a line with a tool that draws; take up or let go the end of a line with the ruler
command-next-end = Next end
    .help = Ruler: pointer to the next end of a line. Enter takes it up and lets it go
command-brush = Brush
    .help = Paint tumour. Right button or Alt erases
command-eraser = Eraser
    .help = Erase from the mask. Right button or Alt paints
command-lasso = Freehand fill
    .help = Outline tumour freehand. Right button or Alt erases inside the outline
command-pointer = Pointer
    .help = Click to set the crosshair of all planes, as Shift and a movement do with any tool. Drag to pan, as the middle button does
command-levels = Window/level
    .help = Drag sideways for window width, up and down for level. The right button does so with most tools
command-measure = Ruler
    .help = Drag to measure a length. Also shows the mask's longest diameter and the longest perpendicular one. Drag the ends of lines to move them
command-smaller-brush = Smaller
    .help = Smaller brush
command-larger-brush = Larger
    .help = Larger brush
command-undo = Undo
    .help = Undo
command-redo = Redo
    .help = Redo
command-reset = Reset
    .help = Undo all corrections of this slice
command-remove-click = Delete prompt
    .help = Delete the click, scribble or loop nearest to the pointer; with the ruler, the length
command-remove-part = Remove part
    .help = Remove the whole part of the mask under the pointer
command-before = Compare (hold)
    .help = Hold to see the mask before your corrections
command-to-next = Propagate to next
    .help = Open the next slice and start it from this mask
command-through-all = Propagate to all slices
    .help = Propagate this mask down and up through the slices, until it is empty or meets a corrected slice
command-fill-between = Fill between
    .help = Draws the masks between two corrected slices, above and below this one, from both
command-whole-volume = Segment all slices
    .help = Segment all slices of the study
command-stop = Stop
    .help = Stop segmenting
command-mask = Mask
    .help = Filled mask, its outline, nothing
command-outline = Outline
    .help = Show or hide the outline of the mask
command-heat = Heat map
    .help = Show or hide the tumour probability as a heat map
command-label = Label
    .help = Show or hide the label
command-window-auto = Auto
    .help = Automatic window. With Pointer, Window/level and Ruler also by a double right click
command-window-full = Full range
    .help = Window over all values
command-window-high = High contrast
    .help = Narrow window, high contrast
command-window-low = Low contrast
    .help = Wide window, low contrast
command-invert = Invert
    .help = Invert the grey scale
command-window-wider = Wider
    .help = Wider window
command-window-narrower = Narrower
    .help = Narrower window
command-window-brighter = Brighter
    .help = Brighter
command-window-darker = Darker
    .help = Darker
command-layout-one = One view
    .help = The slice alone
command-layout-main = Main and two views
    .help = The slice with sagittal and coronal reformats
command-layout-sequences = Sequences
    .help = The slice in each of its sequences, side by side
command-fit = Fit
    .help = Fit the slice to the view; again: the region that the network reads
command-zoom-in = Zoom in
    .help = Zoom in
command-zoom-out = Zoom out
    .help = Zoom out
command-pan-left = Pan left
    .help = Move the enlarged image to the left
command-pan-right = Pan right
    .help = Move the enlarged image to the right
command-pan-up = Pan up
    .help = Move the enlarged image up
command-pan-down = Pan down
    .help = Move the enlarged image down
command-next = Next slice
    .help = Next slice
command-previous = Previous slice
    .help = Previous slice
command-next-tumour = Next tumour slice
    .help = Next slice with a mask
command-previous-tumour = Previous tumour slice
    .help = Previous slice with a mask
command-largest = Largest
    .help = Slice with the largest mask area
command-next-review = Next to review
    .help = The next slice to look at
command-accept = Looks right
    .help = This slice is right; on to the next to review
command-ten-on = Ten forward
    .help = Ten slices forward
command-ten-back = Ten back
    .help = Ten slices back
command-pacs-open = PACS
    .help = Open a study of the PACS of this site's host
command-pacs-send = Send to PACS …
    .help = Send the mask to the PACS of this site's host; you are asked first
command-help = Help
    .help = Help, keys and language

## The bar over the slice: what the pointer does with a tool

pointer-click = Click
pointer-right-click = Right click
pointer-drag = Drag
pointer-right-drag = Right drag
pointer-ctrl-wheel = Ctrl + wheel
hint-adds = adds missed tumour
hint-removes = removes what is no tumour
hint-scribbles = along missed tumour
hint-scribbles-out = along what is no tumour
hint-surrounds = around the tumour
hint-denies = no tumour inside
said = What the line says
around-shape = Loop or box
hint-paints = paints
hint-erases = erases
hint-encircles = around tumour adds it
hint-cuts-out = erases inside
hint-pans = pans
hint-zooms = zooms
hint-windows = sideways: width, up and down: level
hint-measures = a length, or the end of a line
radius = Radius
    .name = Brush radius

## Slices that are open

strip = Slices
reading-files = reading { $count } …
close-slice = Close { $name }

## Messages about messages

messages = Messages ({ $count })
messages-more = and { $count } more
closed = Closed { $name }.
closed-undo = Undo

## The study

study = Study
segment-all = { $slices ->
    [one] Segment the slice
   *[other] Segment all { $slices } slices
  }
segmenting-all = Segmenting: { $done } of { $total }
grid = { $width } × { $height } × { $slices }, { $x } × { $y } × { $z } mm
grid-without-spacing = { $width } × { $height } × { $slices }, spacing unknown
sequence-pre = Pre-contrast
sequence-flair = FLAIR
sequence-post = Post-contrast
sequence-none = none (FLAIR is used)
sequence-resampled = resampled to FLAIR
register-sequence = Register to FLAIR
    .help = Lay this sequence onto FLAIR by what both show (rigid, mutual information); the network then reads it there
of-sequence = { $sequence }: { $what }
sequence-by-number = { $sequence }, by number
sequence-numbers = 1 to { $volumes }
sequence-guessed = No series description names FLAIR. This choice is a guess: check it below.
missing-both = Only FLAIR is there. It is also used for pre- and post-contrast.
missing-pre = There is no pre-contrast series. FLAIR is used for it.
missing-post = There is no post-contrast series. FLAIR is used for it.
missing-worse = Masks are less accurate this way: mean volume Dice { $without } instead of { $with } on unseen patients.
missing-as-good = Masks were about as accurate this way: mean volume Dice { $without }, with all sequences { $with }, on unseen patients.
patient-data = Patient data
patient-name = Name
patient-id = ID
patient-born = Born
patient-sex = Sex
patient-study = Study
patient-study-date = Study date

## Help

help-correct = Correct
help-segment = Segment
help-view = View
help-keys = Keys and gestures
gesture-beside-frame = click beside the frame
    .help = Segment another picture of the film
gesture-wheel = wheel
    .help = Next or previous slice; over a reformat, its next or previous plane
gesture-zoom = Ctrl + wheel, two fingers
    .help = Zoom
gesture-drag = drag
    .help = With Pointer: pan. With a click tool and the mouse: scribble
gesture-part = Shift + right click
    .help = Remove the whole part of the mask under the pointer
gesture-right-drag = right drag
    .help = Window and level
gesture-arrows =
    .help = In a reformat: move the plane of the other reformat
help-files = Files
help-files-study = A study: DICOM (MR images, single or multi-frame; a folder, many files, or a zip, tar, tar.gz or tgz), NIfTI (nii, nii.gz, or hdr with img), NRRD (nrrd, or nhdr with its data), MetaImage (mha, or mhd with raw or zraw), MGH (mgh, mgz) or a multi-page TIFF. FLAIR, pre- and post-contrast series are told apart by their descriptions. You can change the choice beside the image.
help-files-slice = A slice: PNG, JPEG, WebP or TIFF with 8 or 16 bits. In a colour image, red is pre-contrast, green is FLAIR and blue is post-contrast. A grey image is used for all three.
help-files-label = A label: a NIfTI label map or a DICOM segmentation, for its study; or an image whose name ends in _mask, _label or _seg, or that has only two grey levels, for the slice of the same name or the slice on screen.
help-privacy = Privacy
privacy = Everything is computed on this computer. No image leaves this page. The page can reach no other server.
privacy-kept = The page itself is stored in this browser. It opens and works without a network.
privacy-loaded = Once it is loaded, it needs no network.
privacy-pacs = Beside a PACS: studies come from this site's host and masks go there, only when you ask.
tour-start = Guided tour
diagnostics-copy = Copy diagnostics
    .help = Version, device, times and browser; no patient data
diagnostics-copied = The diagnostics are on the clipboard. Paste them into your message.
diagnostics-by-hand = Copy these diagnostics by hand: { $text }

## What happened to the mask

undone = Undone on { $slices }: { $step }.
redone = Redone on { $slices }: { $step }.
propagated = { $count ->
    [one] The mask was propagated to { $count } slice. Undo takes it back.
   *[other] The mask was propagated to { $count } slices. Undo takes it back.
  }
between-filled = { $count ->
    [one] The slice between the two corrected ones was filled from both. Undo takes it back.
   *[other] The { $count } slices between the two corrected ones were filled from both. Undo takes them back.
}
propagated-nowhere = No neighbouring slice can take this mask: each is corrected already or has another size.
parts-erased = { $count ->
    [one] { $count } pixel on { $slices } was erased. Undo brings it back.
   *[other] { $count } pixels on { $slices } were erased. Undo brings them back.
  }
parts-none = The mask is a single part already.
small-parts-erased = { $count ->
    [one] Small parts away from the tumour were left out, { $count } pixel on { $slices }. Undo brings it back.
   *[other] Small parts away from the tumour were left out, { $count } pixels on { $slices }. Undo brings them back.
  }
all-segmented = { $count ->
    [one] The slice is segmented.
   *[other] All { $count } slices are segmented. { $marked ->
        [0] None has a mask.
        [one] { $marked } has a mask.
       *[other] { $marked } have a mask.
      }
  }
no-volume = This slice is open by itself, so there is no volume to segment. Open its study: a DICOM folder, a zip or NIfTI.
frame-is-corrected = The network reads the region in the frame. To move the frame, first undo the corrections.
no-other-head = There is no other head at that place. The network reads the region in the frame.
keeps-nothing = This browser stores nothing (a private window, or its storage is off). Save the mask instead.
storage-full = The browser's storage is full, so corrections are no longer kept. Nothing on screen is lost. Save the mask, or delete what is kept and switch it on again.
part-not-fetched = A part of this page could not be loaded. Check the connection and try again. If the site has a newer version, save your work and reload the page.

## Files that were opened, left out or not understood

left-out = Left out: { $names } ({ $why }).
left-out-others = { $count ->
    [one] { $count } other file left out ({ $kinds }).
   *[other] { $count } other files left out ({ $kinds }).
  }
left-out-doubled = { $count ->
    [one] { $count } duplicate file left out: the same image came twice ({ $names }).
   *[other] { $count } duplicate files left out: the same images came twice ({ $names }).
  }
already-open = { $count ->
    [one] { $count } image is open already, as part of { $study }.
   *[other] { $count } images are open already, as part of { $study }.
  }
file-says = { $name }: { $what }.
joined = { $study } now has its { $sequence }: { $names } is of the same examination.
joined-choice = { $names } is of the same examination as { $study } and can be chosen as a sequence.
sequence-pre-inline = pre-contrast
sequence-post-inline = post-contrast
sequence-both-inline = pre-contrast and post-contrast
many-volumes = { $name } holds { $volumes } volumes. The first is open. Choose another by its number beside the image.
halved = { $name } is very large. It is shown, and its mask saved, at half its width and height.
nothing-to-open = { $count ->
    [one] The file cannot be opened ({ $kinds }). Drop DICOM or NIfTI files, a zip, or PNG, JPEG, WebP or TIFF images.
   *[other] None of the { $count } files can be opened ({ $kinds }). Drop DICOM or NIfTI files, a zip, or PNG, JPEG, WebP or TIFF images.
  }
no-volume-of = No volume: { $why }.
no-such-volume = { $volumes ->
    [one] There is { $volumes } volume. Choose 1.
   *[other] There are { $volumes } volumes. Choose a number from 1 to { $volumes }.
  }
mask-size = The mask does not have the size of the study. Reload the page.
label-without-study = { $name }: open its study first, then drop it again.
label-fits-none = { $name }: { $why }. Open its study first, then drop it again.
label-without-slice = { $name } looks like a label, but no slice is open. Drop its slice first, then the label.
label-of-other-size = { $name }: the label has { $own_width } × { $own_height } pixels, the slice { $width } × { $height }. Export the label on the grid of the slice.
label-is-mask = { $name } is back as the mask of { $study }. Undo takes it away.
label-loaded = Loaded { $name } as the label of { $study }.
label-fits-others = { $count ->
    [one] It fits another open study too: to use it there, show that study and drop the file again.
   *[other] It fits { $count } other open studies too: to use it there, show that study and drop the file again.
  }
stackable = { $name }: { $count } images of one size, numbered like slices of one volume.
open-as-volume = Open as one volume
files-at-once = { $count } files at once. The first { $most } are opened.
file-unreadable = { $name }: cannot be read ({ $why }).
sample-not-loaded = The sample { $name } did not load: { $why }.

## What is wrong with the model or a device

model-not-loaded = The model could not be loaded ({ $url }: { $why }). Check the connection and reload the page.
model-does-not-fit = The model does not fit this version of the page ({ $why }). Reload the page without its cache.
device-absent = { $device } is not available here: { $why }.
device-slow = { $device } is slower than the CPU here and is not used: at least { $own } s a slice, the CPU { $cpu } s.
device-wrong = { $device } failed the self-test and is not used: { $why }. Results come from another device.
webgpu-failed = WebGPU failed ({ $why }). The CPU computes from here on. Reload the page to try WebGPU again.
engine-stopped = The engine stopped ({ $why }). What is on screen stays. Reload the page to segment again.
engine-not-ready = The engine is not ready yet. Try again in a moment.
slice-failed = The slice could not be segmented: { $why }. Try again.
no-device = No device of this computer computes the network correctly. Try a current Chrome, Edge, Firefox or Safari.
why-no-webgpu = this browser has no WebGPU
why-no-answer = no answer within { $seconds } s
why-no-module-worker = this browser cannot start a module worker
why-not-loaded = the slice or the model is not loaded
why-server = the server answered { $status }
why-unknown = the browser gave no reason

## The panel beside the image

results = Results
nothing-open = Nothing open
finding = Finding
tumour-volume = Tumour volume
segmented-so-far = so far: { $segmented } of { $slices ->
    [one] { $slices } slice
   *[other] { $slices } slices
  } segmented
marked-on-none = on none of { $slices ->
    [one] { $slices } slice
   *[other] { $slices } slices
  }
marked-on = on { $count } of { $slices ->
    [one] { $slices } slice
   *[other] { $slices } slices
  }: { $named }
largest-product = Largest bidimensional product
keep-largest = Keep largest part
    .help = Erase what is not connected with the largest part, in all slices
this-slice = This slice
this-slice-numbered = This slice ({ $number })
waiting-slice = Open a slice to see what the network finds.
waiting-failed = There is no engine to segment with.
waiting-running = Segmenting …
waiting-stopped = Stopped.
waiting-engine = The slice is segmented as soon as the engine is ready.
segment = Segment
share = { $percent } % of the slice
share-with-pixels = { $pixels } px, { $percent } % of the slice
product = product { $product }
tumour-present = Tumour present
tumour-area = Tumour area
diameters = Longest diameter × perpendicular
diameters-drawn = Diameters (drawn by hand)
compute-again = Compute again
sensitivity = Sensitivity
opacity = Opacity
skipped = No tumour found in this slice, so its outline was not computed.
segment-anyway = Segment anyway
time = Time
time-decode = Decode
time-normalise = Normalise
time-encoder = Encoder, presence
time-decoder = Decoder
time-mask = Mask
review = { $count ->
    [one] Review { $count } slice
   *[other] Review { $count } slices
  }
review-done = Review: done
review-unsure = unsure
review-parts = small parts removed
review-end = end of the tumour
nothing-outlined = nothing outlined
slice-numbered = Slice { $number }
slice-is-right = Slice { $number } looks right
lengths = Lengths
delete-length = Delete the length: { $name }
compare = Compare with label
comparison = Label beside mask
comparison-enlarge = Enlarge
comparison-back = Back to the panel
save-comparison = Save comparison (PNG)
use-label = Use label as mask
    .help = From here on the label is corrected, as one step that can be undone
save = Save
save-seg = DICOM SEG
    .help = DICOM segmentation with references to the images
save-nifti = NIfTI mask
    .help = Label map on the grid of the study's file
save-report = Report
    .help = One page to print or to save as PDF
save-mask = Mask (PNG)
    .help = The mask of this slice, black and white
save-picture = Picture (PNG)
    .help = This slice with its mask
save-csv = Measurements (CSV)
    .help = Measurements of every slice as a table
save-json = JSON
    .help = Measurements of every slice, with model and device
save-more = More
save-dicom-report = Structured report
    .help = DICOM SR with the measurements, and the segmentation that it refers to, in a zip
save-dicom-picture = DICOM picture
    .help = DICOM secondary capture of the report's planes
save-label-map = Label map SEG
    .help = DICOM segmentation with a byte for each pixel
save-probabilities = Probabilities SEG
    .help = DICOM segmentation with the network's probabilities, before strokes by hand
save-without-patient = Without patient data
    .help = Names, dates and identifiers are replaced or left out of all that is saved; images and your comments stay as they are
save-session = Session
    .help = All corrections with their history, measures and comments, to go on from elsewhere beside the same images
session-back = { $name }: { $count ->
    [one] { $count } slice has its corrections back.
   *[other] { $count } slices have their corrections back.
  }
session-empty = { $name } holds no corrections.
session-other-model = Another model had answered, so their masks are as saved, without their history.
session-studies = Joined studies, typed dates, moved midlines and registrations: { $count } back.
session-missing = { $count ->
    [one] { $count } slice of it is not open
   *[other] { $count } slices of it are not open
  } ({ $images }). Open the same images here, and its corrections follow.
session-corrected = { $name }: { $count ->
    [one] { $count } slice has been worked on here and stays as it is. Undo that
   *[other] { $count } slices have been worked on here and stay as they are. Undo that
  } and open the session again to take its corrections.
session-slices-damaged = { $name }: { $count ->
    [one] the corrections of { $count } slice are damaged and were left out.
   *[other] the corrections of { $count } slices are damaged and were left out.
  }
session-damaged = { $name } is damaged or no session of this program. Nothing was changed; copy the file again.
session-newer = { $name } was saved by a newer version of this program. Nothing was changed; open it with that version.
session-not-written = The session could not be saved: { $why }. Nothing on screen is lost.
keep = Keep corrections on this computer
kept = { $slices ->
    [one] { $slices } slice kept; its corrections come back when its file is opened.
   *[other] { $slices } slices kept; their corrections come back when their files are opened.
  }
forget = Forget
model = { $model } on { $device }, { $adapter }.
model-dice = Mean volume Dice on unseen patients { $dice }.
model-card = Model card
models = Another model
no-prompts = This model takes no clicks, scribbles or loops. Brush, eraser and lasso change its mask.
pixels-without-spacing = Where a file carries no spacing, measures are in pixels.
by-slice = Slice by slice
by-slice-slice = slice
by-slice-area = area { $unit }²
by-slice-longest = longest { $unit }
by-slice-across = across

## The image, the plot below it and the other views

slice-with-overlays = Slice with overlays
slice-of = Slice { $number } of { $slices }
slice-said = Slice { $number } of { $slices }: { $area }
probe = column { $column }, row { $row }: { $value }
sides = Sides
side-unknown = side unknown
legend-mask = mask
legend-region = region read
    .help = ; click another picture to move the frame
legend-other = other time point
legend-label = label
propagating = Propagating, slice { $slice } …
segmenting-volume = Segmenting { $done } of { $total }{ $cores ->
    [one] {""}
   *[other] {" "}on { $cores } cores
  }{ $left }
time-left = , { $time } left
seconds = { $count } s
minutes = { $count } min
not-segmented = not segmented
no-tumour = no tumour
corrected = corrected
to-review = to review
area-by-slice = Area by slice
area-largest = max { $area }
area-slider = Slice on screen, by tumour area
reformats = Reformats
sagittal = Sagittal
coronal = Coronal
not-to-scale = not to scale
reformat-help = Click or use the arrow keys to move the crosshair; double click or Enter for this view alone. Prompts and brush work on axial slices, which is what the network reads
work-on = Work on { $name }
hint-aims = sets the crosshair

## Links to studies

linked-no-address = “{ $written }”, which the address of this page names after study=, is no address.
linked-elsewhere = “{ $written }” is on another site. A link opens studies of this site alone: download the study and drop it here.
linked-not-loaded = “{ $written }”, which the address of this page names, did not load: { $why }. Check the address.

## The PACS of the site's host

pacs-open = Open from PACS
pacs-patient = Patient name
pacs-id = Patient ID
pacs-date = Study date
pacs-search = Search
pacs-none = The PACS has no such study.
pacs-study = { $id } · { $date } · { $modalities } · { $count ->
    [one] { $count } image
   *[other] { $count } images
  }
pacs-series = Series
    .help = Choose single series of this study
pacs-series-of = Series to open
pacs-series-facts = { $modality } · { $count ->
    [one] { $count } image
   *[other] { $count } images
  }
pacs-open-series = Open { $count } series ({ $images ->
    [one] { $images } image
   *[other] { $images } images
  })
pacs-open-none = Tick an MR series to open it
pacs-previous = Previous
pacs-next = Next
pacs-cancel = Cancel
pacs-searching = Searching …
pacs-asking = Asking for the study …
pacs-coming = { $done } of { $of } images
pacs-left-out = { $count ->
    [one] { $count } other series of the study was left in the PACS ({ $kinds }).
   *[other] { $count } other series of the study were left in the PACS ({ $kinds }).
  }
pacs-cancelled = Cancelled.
pacs-no-mr = The study has no MR series in the PACS ({ $kinds }). Nothing was opened.
pacs-locked = The PACS does not let you in (status { $status }). Log in to this site, then try again.
pacs-missing = The PACS has no such study, or this site has no PACS at dicom-web/ (status 404).
pacs-status = The PACS could not answer (status { $status }). Try again, or tell who runs it.
pacs-other-answer = The PACS gave no DICOM answer (“{ $kind }”). Perhaps a login page answered: log in to this site, then try again.
pacs-broken-off = The answer of the PACS broke off after { $count ->
    [one] { $count } image
   *[other] { $count } images
  }. Nothing was opened; try again.
pacs-silent = Nothing came from the PACS for a minute. Try again, or tell who runs it.
pacs-unreachable = The PACS was not reached, or the connection broke ({ $why }). Check the network and try again.
pacs-perhaps-stored = It is not known whether the mask was stored: look in the PACS before you send again.
pacs-send = Send to PACS
pacs-send-what = The mask of { $study } goes to its study in the PACS as a new series, a DICOM segmentation for research use. The study: { $patient }.
pacs-with-report = With a structured report of the measurements
pacs-send-now = Send
pacs-sending = Sending …
pacs-sent = { $count ->
    [one] The PACS stored { $count } file with the study.
   *[other] The PACS stored { $count } files with the study.
  }
pacs-not-stored = The PACS stored { $stored } of { $total } files (reason { $reason }). The mask is still here: save it as DICOM SEG.
pacs-study-unknown = The PACS does not have this study, so nothing was sent: the mask would stand there by itself. Send the images there first.
pacs-without-patient = “Without patient data” is ticked. Such files have other identifiers and would not belong to the study, so nothing is sent. Untick it to send.

## What the network was not made for, and how sure it is

doubt-no-flair = No FLAIR in this study. The network was trained on FLAIR; what it marks on another sequence will be unreliable. Open the FLAIR series too, or choose it below.
doubt-no-head-study = This does not look like axial MR slices of a head, which the network was trained on. What it marks here means nothing. Open an axial MR series of the head.
doubt-no-head = This does not look like an axial MR slice of a head, which the network was trained on. What it marks here means nothing. Open an axial MR slice of a head.
presence-tumour = Tumour
presence-unsure = Unsure – look at this slice
presence-none = None found
presence-share = The network thinks tumour on this slice { $share } likely.
share-more = more than { $percent } %
share-less = less than { $percent } %
share-exactly = { $percent } %
presence-drawn = The mask was drawn by hand.
presence-erased = The mask was erased by hand.
presence-marked = It marks something all the same.
presence-unmarked = It marks nothing all the same.

## The first screen

first-heading = See a brain tumour outlined in a second. Fix it with a click.
first-promise = Runs on this computer. No upload, no account.
first-try = Try it on this slice
first-files = Open files …
first-folder = Open folder …
first-drop = Drop or paste a study or slice anywhere: DICOM, NIfTI, zip, PNG, JPEG, WebP, TIFF
first-slice = A brain slice with its tumour outlined
first-reading = { $files ->
    [one] Reading { $files } file …
   *[other] Reading { $files } files …
  }
first-loading = The model is loading …
first-failed = The model could not start.
first-outlining = Outlining the tumour …
first-outlined = Outlined on this computer in { $seconds } s
first-click = Click to correct
samples = Samples
samples-terms = Terms
sample-large = Large tumour
sample-small = Small tumour
sample-missed = Missed tumour
sample-nothing = No tumour
sample-study = Whole study, 3 MB

## The guided tour

tour-step = Tour, { $number } of 3
tour-see = See it
tour-fix = Fix it
tour-compare = Compare
tour-waiting = The model looks at this slice …
tour-outlined = The model outlined the tumour in orange, on this computer. See one that it missed.
tour-too-much = The dashed outline is an expert’s. In the yellow ring the model marked too much: click there.
tour-missed = The dashed outline is an expert’s. The model missed this tumour. Click in the yellow ring.
tour-agrees = Here the model agrees with the expert’s dashed outline. Click anywhere to correct it all the same.
tour-gain = One click took the agreement with the expert (Dice) from { $before } to { $after }.
tour-keys = Hold Space, or the eye, to see the mask before; Ctrl Z undoes. Now drop a scan of your own.
tour-next = Show me
tour-done = Done
tour-skip = Skip the tour

## The page shows itself

bench = This computer’s speed
bench-loading = The network is being loaded …
bench-study = The sample study is being opened …
bench-slices = { $done } of { $total } slices are segmented …
bench-clicks = { $count } clicks are timed …
bench-done = Copy this text into your message. It says nothing of a patient.
bench-failed = The network did not answer. Reload the page to try again.
bench-copy = Copy
demo-try = Touch the screen or press a key to try it yourself.
demo-drop = Drop a slice anywhere. It stays on this computer.
demo-mask = The model outlined the tumour here, in { $seconds } s.
demo-missed = Here it missed a tumour. The dashed outline is an expert’s.
demo-click = One click, and it agrees with the expert: Dice { $dice }, from { $before }.
demo-study = Now a whole study.
demo-slices = { $slices ->
    [one] Its { $slices } slice is segmented here.
   *[other] All { $slices } slices are segmented here, one after the other.
  }
demo-segmented = { $slices ->
    [one] { $slices } slice in { $seconds } s, on this computer alone.
   *[other] { $slices } slices in { $seconds } s, on this computer alone.
  }

## Steps that undo takes back

step-threshold = threshold
step-threshold-of = threshold { $threshold }
step-small-parts = small parts left out
step-largest-part = largest part only
step-between = slices filled between two
step-propagated = mask propagated
step-from-file = mask from a file
step-taken-over = mask taken over
step-click = click
step-click-waiting = click, being answered
step-scribble = scribble
step-scribble-waiting = scribble, being answered
step-loop = loop
step-loop-waiting = loop, being answered
step-painted = painted
step-erased = erased
step-diameters = diameters
step-diameters-again = diameters computed again
step-length = length
step-length-deleted = length deleted
step-elsewhere = nothing here

## Measures, and the comparison with a label

amount = { $value } { $unit }
two-lengths = { $longest } × { $across } { $unit }
diameters-with-product = { $lengths }, product { $product }
sensitivity-default = default
sensitivity-title = Pixels from a probability of { $threshold } on are tumour. Double click: default
dice-of-volume = Dice, whole volume
iou-of-volume = IoU, whole volume
both-empty = Label: no tumour. Agrees.
figure-image = Image
figure-label = Label
figure-prediction = Prediction
figure-label-in-place = Label in place
figure-prediction-in-place = Prediction in place
saved-incomplete = { $unknown } of { $slices ->
    [one] { $slices } slice
   *[other] { $slices } slices
  } not segmented yet: nothing is saved of them but what was painted. “Segment all slices” segments them.
whole-withheld = There is no FLAIR in this study. Press “Segment anyway” in the panel, or open its FLAIR series.

## The report

report-explained = One page: the mask in three planes, its measures, the area of each slice, and your comments. To keep it as a file, choose “Save as PDF” where the browser asks for a printer.
report-comments = Comments
report-print = Print
report-heading = Gliolens · tumour segmentation
report-check = Orange: the mask. It is drawn by a network; a person has to check it. Patient data are not printed.
report-patient = Patient
report-reader = Read by
report-day = Date
report-slice = Slice
report-study-date = Date of the study
report-unknown = unknown
report-voxel = Voxel
report-voxel-size = { $x } × { $y } × { $z } mm
report-voxel-unknown = size unknown
report-segmented = Slices segmented
report-segmented-of = { $segmented } of { $slices }
report-largest-area = Largest area
report-largest-product = Largest product
report-diameters = Diameters
report-nothing-marked = no tumour marked
report-on-slice = slice { $number }: { $what }
report-drawn = { $lengths }, drawn by hand
report-volume-dice = Volume Dice
report-threshold = Threshold
report-threshold-own = { $threshold } (default)
report-threshold-other = { $threshold }
report-small-parts = Small parts
report-left-out = left out
report-series-registered = { $name }, registered to FLAIR
report-left-out-on = left out on { $slices }
report-corrected = Corrected by hand
yes = yes
no = no
report-network = Network
report-network-version = { $model }, version { $version }
report-no-network = no network
report-device = Device
report-no-device = none
report-date = Date of the report
report-area = Area
report-longest = Longest
report-across = Perpendicular
report-row-corrected = Corrected
report-more = { $count ->
    [one] and { $count } more slice with a smaller area
   *[other] and { $count } more slices with smaller areas
  }
area-in-unit = Area in { $unit } by slice
plane-axial = Axial, slice { $slice } of { $slices }
plane-sagittal = Sagittal, column { $column }
plane-coronal = Coronal, row { $row }

# Follow-up: several studies of one patient

follow-up = Follow-up
follow-up-join = Join “{ $name }”
    .help = This study is of the same patient: compare the two
follow-up-part = another patient
follow-up-date = Date
follow-up-date-of = Date of { $name }
follow-up-change = Change
follow-up-diameter = mean diameter { $length }
follow-up-product = product { $percent }
follow-up-interval = 95 % interval { $low } to { $high }
follow-up-incomplete = Not all slices are segmented: the figures are of those that are.
follow-up-velocity = Mean diameter: { $rate } mm/year over { $days } days (95 % interval { $low } to { $high }, from the error of the network’s own masks).
follow-up-fast = That is more than 8 mm/year.
follow-up-fast-unsure = That is more than 8 mm/year, but the interval reaches below.
follow-up-areas = Area along the head, by mm from the feet: orange this study, green { $name }
follow-up-corrected = A person corrected masks. The intervals are those of the network’s own masks; those of corrected ones are not known.
follow-up-unscaled = Not in the timeline, since their files do not say how large a voxel is: { $names }.
follow-up-identifier = A study with the same patient ID is open, but its name or date of birth differs, is missing, or does not tell people apart. Join it if it is the same patient’s.
follow-up-no-date = A date is missing, so no rate is given.
follow-up-same-day = All are of one day, so no rate is given.
follow-up-one = There is one study, so no rate is given.
rano-complete = complete response
rano-partial = partial response
rano-minor = minor response
rano-stable = stable disease
rano-progressive = progressive disease
follow-up-products = { $count ->
    [one] the product of diameters of one lesion
   *[other] the sum of the products of diameters of { $count } lesions
  }
follow-up-class = RANO-LGG 2011 by { $by } alone: { $class } ({ $first } since the first study, { $least } since the smallest). A computed figure, not a diagnosis.
follow-up-class-new = RANO-LGG 2011 by a new lesion: { $class }, whatever { $by } ({ $first } since the first study, { $least } since the smallest). A computed figure, not a diagnosis.
follow-up-no-class = The first study has no lesion to compare with, so no RANO class is computed.
follow-up-not-measurable = No lesion is large enough to be measurable in every study.
follow-up-criteria = Criteria
follow-up-criteria-are = Complete response: no lesion left. Partial: product down by { $partial } % or more. Minor: down by { $minor } to { $partial } %. Progressive: up by { $progression } % or more since it was smallest, or a new lesion. Stable: all else. Measurable: both diameters at least { $mm } mm on at least { $slices } slices. Of several lesions, the connected parts of the mask, the products of the measurable ones are added up, the { $most } largest at most; what was measurable before counts as well. A new lesion: a part of the mask of at least { $ml } ml that keeps more than { $margin } mm from the mask of the study before, once the two are registered. Not assessed: enhancement, confirmation after four weeks, corticosteroids, the state of the patient. Source: doi 10.1093/noajnl/vdad118.
new-lesions-found = { $count ->
    [one] One new lesion
   *[other] { $count } new lesions
  } since the study before, { $volume } in all.
new-lesion-on = slice { $slice }, { $volume }
new-lesions-none = No new lesion since the study before.
new-lesions-not-registered = New lesions are not looked for: not registered.
new-lesions-unsure = New lesions are not looked for: the registration is not sure.
new-lesions-not-segmented = New lesions are not looked for: not all slices are segmented.
compare-studies = Side by side
    .help = Show another time point beside the slice, at the same place in the patient
fade = Fade in { $name }
    .help = The same place at the other time point, laid over the slice
compare-with = Beside the slice
registered = registered
not-registered = not registered
register = Register
    .help = Lay both studies onto each other by what they show (rigid, mutual information)
registering = Registering, { $percent } % …
registered-by = Registered: turned by { $turn }°, moved by { $shift } mm; repeated searches agree to { $spread } mm.
registered-unsure = Repeated searches agree to { $spread } mm only: check the match by eye.
linked-by-headers = Not registered: linked by the position in the files.
linked-by-middles = Not registered: the files give no position, so the middles are put on each other.
unregister = Undo registration
not-registered-why = Could not be registered: { $why }.

report-days = day { $days }

# Three dimensions

space = Tumour in three dimensions
    .help = Drag to turn, wheel to zoom; double click or Enter for this view alone
space-caption = 3D
space-turn = Turn
space-loading = Loading …
space-failed = The 3D view could not start ({ $why }). It needs WebGL2.
space-empty = Nothing is marked yet.
space-unscaled = The files do not say how large a voxel is, so there is no 3D view.
command-layout-four = Four views
    .help = The slice, both reformats and the tumour in 3D
command-layout-follow-up = Two time points
    .help = The slice beside the same place in another study of the patient
command-both-times = Both time points
    .help = Show the tumour of the other time point too, once the two are registered
save-stl = Surface (STL)
    .help = The tumour's surface in mm, for 3D printing and other programs
save-obj = Surface (OBJ)
    .help = The tumour's surface in mm, as Wavefront OBJ
save-glb = Surface (GLB)
    .help = The tumour's surface as binary glTF
save-timeline = Timeline (CSV)
    .help = Dates, volumes, products and changes of all studies of this patient

# Where the tumour lies

location-name = Location
location = { $side }, middle { $middle } and nearest edge { $nearest } from the midline (by symmetry)
location-crosses = { $percent } % { $side }, across the midline (by symmetry); middle { $middle } from it
location-unsure = The head is not symmetric enough to rely on it.
side-left = left hemisphere
side-right = right hemisphere
side-picture-left = left side of the picture (side of the patient unknown)
side-picture-right = right side of the picture (side of the patient unknown)
midline = Midline
    .help = Show the midline on the slice, to check and to move it
midline-left = Move the midline 1 mm to the left
midline-right = Move the midline 1 mm to the right
