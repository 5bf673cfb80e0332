### Unreviewed: translated by machine; no clinician has read it yet. Simplified Chinese.
### Format: Fluent (https://projectfluent.org). One message a line.

## The page

page-title = Gliolens：浏览器中的肿瘤分割
tagline = 浏览器中的肿瘤分割
research-use = 仅供研究，非医疗器械
    .short = 仅供研究
language = 语言
language-failed = 无法加载{ $name }。请检查网络连接后重新选择。
two-sentences = { $first }{ $second }
names-and-more = { $names } 及另外 { $more } 个
close = 关闭
dismiss = 忽略
dismiss-all = 全部忽略
drop-hint = 将检查、层面或标注拖放到页面任意位置
viewer = 图像视图
tools = 工具
tool = 工具
history = 历史
propagate = 传播掩膜

## Numbers and slices

counted-slices = { $count } 个层面
counted-voxels = { $count } 体素
slices-named = { $count ->
   *[other] 层面 { $numbers }
  }
all-slices = 全部层面
pixels-of-radius = { $radius } px

## The top bar

display = 显示
open = 打开
    .name = 打开文件
    .help = 打开文件
more = 更多
open-folder = 文件夹
    .name = 打开文件夹
    .help = 打开文件夹中的全部文件，包括无扩展名的 DICOM 文件
sequence = 序列
sequence-pre-short = 平扫
sequence-post-short = 增强
sequence-composite = RGB
overlay = 叠加
window = 窗宽/窗位
    .help = 窗口预设（1 至 4）
window-manual = 手动
layout = 布局

## The engine

engine-loading = 正在加载计算程序 …
engine-loading-part = 正在加载计算程序 { $loaded } MB
model-loading = 正在加载模型 { $loaded } / { $total } MB
engine-testing = 正在测试 { $device } …
engine-ready = { $device } 就绪
    .help = { $model }，运行于 { $device }（{ $adapter }）。自检：logit 最大差异 { $difference }。
engine-none = 无计算程序
webgpu-testing = 正在测试 WebGPU …
    .help = 测试期间由 CPU 计算。若 WebGPU 结果正确且更快，将由其接管。
webgpu-refused = 为何不用 WebGPU？
works-offline = 可离线使用
    .help = 本页面已保存在此计算机上，无网络也可打开和使用。

## Keys

key-ctrl = Ctrl
key-shift = Shift
key-space = 空格
key-page-down = Page ↓
key-page-up = Page ↑
key-delete = Del
key-backspace = 退格
key-escape = Esc
key-enter = 回车
command-key = { $help }（{ $key }）
command-now = { $help }：{ $now }

## Commands: the button, and what it does

command-add = 点击添加
    .help = 点击遗漏的肿瘤，或沿其拖动。右键或 Alt 为移除
command-remove = 点击移除
    .help = 点击掩膜内无肿瘤处，或沿其拖动。右键或 Alt 为添加
command-scribble = 画线
    .help = 沿遗漏的肿瘤或非肿瘤部分拖动，也可用手指。右键或 Alt 含义相反
command-around = 圈或框
    .help = 围绕肿瘤拖动：肿瘤位于其内，且不越过该线。右键或 Alt：其内无肿瘤
command-say-tumour = 肿瘤
    .help = 线条和圈表示肿瘤
command-say-background = 非肿瘤
    .help = 线条和圈表示非肿瘤
command-around-loop = 圈
    .help = 徒手圈出区域
command-around-box = 框
    .help = 从一角拖到对角
command-point-left = 指针左移
    .help = 用按键左移指针
command-point-right = 指针右移
    .help = 用按键右移指针
command-point-up = 指针上移
    .help = 用按键上移指针
command-point-down = 指针下移
    .help = 用按键下移指针
command-press = 按下
    .help = 在指针处点击；绘制类工具则开始或结束一条线；标尺则拿起或放下线的端点
command-next-end = 下一端点
    .help = 标尺：指针移到下一个端点。回车拿起和放下
command-brush = 画笔
    .help = 涂画肿瘤。右键或 Alt 为擦除
command-eraser = 橡皮擦
    .help = 擦除掩膜。右键或 Alt 为涂画
command-lasso = 徒手填充
    .help = 徒手圈出肿瘤。右键或 Alt 擦除圈内部分
command-pointer = 指针
    .help = 点击设置各平面的十字线，任何工具按住 Shift 移动亦可。拖动平移图像，中键亦可
command-levels = 窗宽/窗位
    .help = 左右拖动调窗宽，上下拖动调窗位。多数工具可用右键拖动
command-measure = 标尺
    .help = 拖动可测量长度。同时显示掩膜的最长径及与之垂直的最长径。可拖动线的端点
command-smaller-brush = 缩小
    .help = 缩小画笔
command-larger-brush = 放大
    .help = 放大画笔
command-undo = 撤销
    .help = 撤销
command-redo = 重做
    .help = 重做
command-reset = 重置
    .help = 撤销本层面的全部修正
command-remove-click = 删除提示
    .help = 删除离指针最近的点击、画线或圈；使用标尺时删除长度
command-remove-part = 移除一块
    .help = 移除指针下的整块掩膜
command-before = 对比（按住）
    .help = 按住可查看修正前的掩膜
command-to-next = 传播到下一层面
    .help = 打开下一层面，并以此掩膜为起点
command-through-all = 传播到全部层面
    .help = 将此掩膜向下、向上逐层传播，直至掩膜为空或遇到已修正的层面
command-fill-between = 填充中间层面
    .help = 根据上下两个已修正层面绘制其间各层面的掩膜
command-whole-volume = 分割全部层面
    .help = 分割本检查的全部层面
command-stop = 停止
    .help = 停止分割
command-mask = 掩膜
    .help = 填充掩膜、轮廓、不显示
command-outline = 轮廓
    .help = 显示或隐藏掩膜轮廓
command-heat = 热图
    .help = 以热图显示或隐藏肿瘤概率
command-label = 标注
    .help = 显示或隐藏标注
command-window-auto = 自动
    .help = 自动窗。使用指针、窗宽/窗位、标尺工具时也可双击右键
command-window-full = 全范围
    .help = 窗口覆盖全部数值
command-window-high = 高对比度
    .help = 窄窗，高对比度
command-window-low = 低对比度
    .help = 宽窗，低对比度
command-invert = 反相
    .help = 灰阶反相
command-window-wider = 加宽窗
    .help = 加宽窗
command-window-narrower = 收窄窗
    .help = 收窄窗
command-window-brighter = 调亮
    .help = 调亮
command-window-darker = 调暗
    .help = 调暗
command-layout-one = 单视图
    .help = 仅显示层面
command-layout-main = 主视图加两个副视图
    .help = 层面及矢状位、冠状位重组
command-layout-sequences = 序列
    .help = 并排显示该层的各序列
command-fit = 适应窗口
    .help = 使层面适应视图；再按一次：适应网络读取的区域
command-zoom-in = 放大
    .help = 放大
command-zoom-out = 缩小
    .help = 缩小
command-pan-left = 左移图像
    .help = 左移放大的图像
command-pan-right = 右移图像
    .help = 右移放大的图像
command-pan-up = 上移图像
    .help = 上移放大的图像
command-pan-down = 下移图像
    .help = 下移放大的图像
command-next = 下一层面
    .help = 下一层面
command-previous = 上一层面
    .help = 上一层面
command-next-tumour = 下一肿瘤层面
    .help = 下一个有掩膜的层面
command-previous-tumour = 上一肿瘤层面
    .help = 上一个有掩膜的层面
command-largest = 最大层面
    .help = 掩膜面积最大的层面
command-next-review = 下一个需复核
    .help = 下一个需复核的层面
command-accept = 正确
    .help = 本层正确，转到下一个
command-ten-on = 前进十层
    .help = 前进十个层面
command-ten-back = 后退十层
    .help = 后退十个层面
command-pacs-open = PACS
    .help = 从本站的 PACS 打开检查
command-pacs-send = 发送到 PACS…
    .help = 将掩膜发送到本站的 PACS；发送前会询问
command-help = 帮助
    .help = 帮助、按键与语言

## The bar over the slice: what the pointer does with a tool

pointer-click = 点击
pointer-right-click = 右键点击
pointer-drag = 拖动
pointer-right-drag = 右键拖动
pointer-ctrl-wheel = Ctrl + 滚轮
hint-adds = 添加遗漏的肿瘤
hint-removes = 移除非肿瘤部分
hint-scribbles = 沿遗漏的肿瘤画线
hint-scribbles-out = 沿非肿瘤部分画线
hint-surrounds = 圈住肿瘤
hint-denies = 圈内无肿瘤
said = 线条的含义
around-shape = 圈或框
hint-paints = 涂画
hint-erases = 擦除
hint-encircles = 圈出肿瘤以添加
hint-cuts-out = 擦除圈内部分
hint-pans = 平移
hint-zooms = 缩放
hint-windows = 左右：窗宽，上下：窗位
hint-measures = 测量长度，或移动线的端点
radius = 半径
    .name = 画笔半径

## Slices that are open

strip = 层面
reading-files = 正在读取 { $count } 个 …
close-slice = 关闭 { $name }

## Messages about messages

messages = 消息（{ $count }）
messages-more = 另有 { $count } 条
closed = 已关闭 { $name }。
closed-undo = 撤销

## The study

study = 检查
segment-all = { $slices ->
   *[other] 分割全部 { $slices } 个层面
  }
segmenting-all = 正在分割：{ $done } / { $total }
grid = { $width } × { $height } × { $slices }，{ $x } × { $y } × { $z } mm
grid-without-spacing = { $width } × { $height } × { $slices }，间距未知
sequence-pre = 平扫
sequence-flair = FLAIR
sequence-post = 增强
sequence-none = 无（使用 FLAIR）
sequence-resampled = 已重采样至 FLAIR
register-sequence = 配准到 FLAIR
    .help = 按图像内容将此序列配准到 FLAIR（刚性，互信息）；网络随后在配准后的位置读取
of-sequence = { $sequence }：{ $what }
sequence-by-number = { $sequence }，按编号
sequence-numbers = 1 至 { $volumes }
sequence-guessed = 没有序列描述标明 FLAIR。此选择为推测，请在下方核对。
missing-both = 仅有 FLAIR，平扫和增强也使用 FLAIR。
missing-pre = 无平扫序列，以 FLAIR 代替。
missing-post = 无增强序列，以 FLAIR 代替。
missing-worse = 此时掩膜准确性较低：在未见过的患者上，平均体积 Dice 为 { $without }，全部序列时为 { $with }。
missing-as-good = 此时掩膜准确性相近：在未见过的患者上，平均体积 Dice 为 { $without }，全部序列时为 { $with }。
patient-data = 患者资料
patient-name = 姓名
patient-id = 患者编号
patient-born = 出生日期
patient-sex = 性别
patient-study = 检查
patient-study-date = 检查日期

## Help

help-correct = 修正
help-segment = 分割
help-view = 查看
help-keys = 按键与手势
gesture-beside-frame = 点击框外
    .help = 分割胶片上的另一幅图像
gesture-wheel = 滚轮
    .help = 上一或下一层面；在重组图像上为其上一或下一平面
gesture-zoom = Ctrl + 滚轮，双指
    .help = 缩放
gesture-drag = 拖动
    .help = 使用指针工具：平移。使用点击工具和鼠标：画线
gesture-part = Shift + 右键点击
    .help = 移除指针下的整块掩膜
gesture-right-drag = 右键拖动
    .help = 窗宽/窗位
gesture-arrows =
    .help = 在重组图像中：移动另一重组的平面
help-files = 文件
help-files-study = 检查：DICOM（MR 图像，单帧或多帧；文件夹、多个文件，或 zip、tar、tar.gz、tgz）、NIfTI（nii、nii.gz，或 hdr 与 img）、NRRD（nrrd，或 nhdr 与其数据）、MetaImage（mha，或 mhd 与 raw、zraw）、MGH（mgh、mgz）或多页 TIFF。FLAIR、平扫和增强序列依据其描述区分，可在图像旁更改选择。
help-files-slice = 层面：8 位或 16 位的 PNG、JPEG、WebP 或 TIFF。彩色图像中，红为平扫，绿为 FLAIR，蓝为增强。灰度图像用于全部三个序列。
help-files-label = 标注：NIfTI 标签图或 DICOM 分割，用于其检查；或名称以 _mask、_label 或 _seg 结尾、或仅有两个灰阶的图像，用于同名层面或当前层面。
help-privacy = 隐私
privacy = 全部计算均在此计算机上完成。图像不会离开本页面。本页面无法访问其他服务器。
privacy-kept = 页面本身已保存在此浏览器中，无网络也可打开和使用。
privacy-loaded = 加载完成后无需网络。
privacy-pacs = 与 PACS 相邻时：仅在您要求时，检查才从本站主机取得，掩膜才发送到那里。
tour-start = 引导演示
diagnostics-copy = 复制诊断信息
    .help = 版本、设备、耗时和浏览器；不含患者数据
diagnostics-copied = 诊断信息已复制到剪贴板，请粘贴到您的消息中。
diagnostics-by-hand = 请手动复制这些诊断信息：{ $text }

## What happened to the mask

undone = 已在{ $slices }撤销：{ $step }。
redone = 已在{ $slices }重做：{ $step }。
propagated = 掩膜已传播到 { $count } 个层面。可撤销。
between-filled = 已根据两个修正层面填充其间 { $count } 个层面。可撤销。
propagated-nowhere = 没有相邻层面可接受此掩膜：均已修正或大小不同。
parts-erased = 已擦除{ $slices }上的 { $count } 个像素。可撤销。
parts-none = 掩膜已是单一部分。
small-parts-erased = 已略去远离肿瘤的小块：{ $slices }上的 { $count } 个像素。可撤销。
all-segmented = 已分割全部 { $count } 个层面，其中 { $marked } 个有掩膜。
no-volume = 此层面为单独打开，没有可分割的容积。请打开其检查：DICOM 文件夹、zip 或 NIfTI。
frame-is-corrected = 网络读取框内区域。如需移动框，请先撤销修正。
no-other-head = 该处没有另一幅头部图像。网络读取框内区域。
keeps-nothing = 此浏览器不保存数据（隐私窗口或存储已关闭）。请改为保存掩膜。
storage-full = 浏览器存储已满，不再保留修正。屏幕上的内容不会丢失。请保存掩膜，或删除已保留的内容后重新开启。
part-not-fetched = 本页面的一部分无法加载。请检查网络连接后重试。如果网站已更新，请先保存您的工作，再重新加载页面。

## Files that were opened, left out or not understood

left-out = 已略去：{ $names }（{ $why }）。
left-out-others = 已略去另外 { $count } 个文件（{ $kinds }）。
left-out-doubled = 已略去 { $count } 个重复文件：同一图像出现两次（{ $names }）。
already-open = { $count } 幅图像已作为 { $study } 的一部分打开。
file-says = { $name }：{ $what }。
joined = { $study } 现已有{ $sequence }：{ $names } 属于同一检查。
joined-choice = { $names } 与 { $study } 属于同一检查，可选作序列。
sequence-pre-inline = 平扫
sequence-post-inline = 增强
sequence-both-inline = 平扫和增强
many-volumes = { $name } 含 { $volumes } 个容积，已打开第一个。可在图像旁按编号选择其他容积。
halved = { $name } 非常大，以一半的宽和高显示并保存掩膜。
nothing-to-open = { $count } 个文件均无法打开（{ $kinds }）。请拖放 DICOM 或 NIfTI 文件、zip，或 PNG、JPEG、WebP、TIFF 图像。
no-volume-of = 无法组成容积：{ $why }。
no-such-volume = 共有 { $volumes } 个容积，请选择 1 至 { $volumes } 的编号。
mask-size = 掩膜大小与检查不符。请重新加载页面。
label-without-study = { $name }：请先打开其检查，再重新拖放。
label-fits-none = { $name }：{ $why }。请先打开其检查，再重新拖放。
label-without-slice = { $name } 看似标注，但没有打开的层面。请先拖放其层面，再拖放标注。
label-of-other-size = { $name }：标注为 { $own_width } × { $own_height } 像素，层面为 { $width } × { $height }。请按层面的网格导出标注。
label-is-mask = { $name } 已恢复为 { $study } 的掩膜。可撤销。
label-loaded = 已将 { $name } 加载为 { $study } 的标注。
label-fits-others = 它也适合另外 { $count } 个已打开的检查：如需用于该检查，请显示该检查并重新拖放文件。
stackable = { $name }：{ $count } 幅大小相同的图像，编号如同一容积的层面。
open-as-volume = 作为一个容积打开
files-at-once = 一次 { $count } 个文件。将打开前 { $most } 个。
file-unreadable = { $name }：无法读取（{ $why }）。
sample-not-loaded = 示例 { $name } 未能加载：{ $why }。

## What is wrong with the model or a device

model-not-loaded = 无法加载模型（{ $url }：{ $why }）。请检查网络连接并重新加载页面。
model-does-not-fit = 模型与此页面版本不符（{ $why }）。请清除缓存后重新加载页面。
device-absent = 此处无法使用 { $device }：{ $why }。
device-slow = 此处 { $device } 比 CPU 慢，未使用：每层面至少 { $own } 秒，CPU 为 { $cpu } 秒。
device-wrong = { $device } 未通过自检，未使用：{ $why }。结果来自其他设备。
webgpu-failed = WebGPU 出错（{ $why }）。此后由 CPU 计算。如需重试 WebGPU，请重新加载页面。
engine-stopped = 计算程序已停止（{ $why }）。屏幕上的内容保留。如需再次分割，请重新加载页面。
engine-not-ready = 计算程序尚未就绪，请稍后重试。
slice-failed = 无法分割此层面：{ $why }。请重试。
no-device = 此计算机上没有设备能正确运行网络。请使用最新的 Chrome、Edge、Firefox 或 Safari。
why-no-webgpu = 此浏览器没有 WebGPU
why-no-answer = { $seconds } 秒内无响应
why-no-module-worker = 此浏览器无法启动模块 worker
why-not-loaded = 层面或模型未加载
why-server = 服务器响应 { $status }
why-unknown = 浏览器未给出原因

## 图像旁的面板

results = 结果
nothing-open = 未打开任何文件
finding = 所见
tumour-volume = 肿瘤体积
segmented-so-far = 目前已分割 { $segmented } / { $slices } 层
marked-on-none = { $slices } 层中均未见
marked-on = { $slices } 层中的 { $count } 层：{ $named }
largest-product = 最大双径乘积
keep-largest = 仅保留最大部分
    .help = 在所有层面中擦除与最大部分不相连的区域
this-slice = 本层
this-slice-numbered = 本层（{ $number }）
waiting-slice = 打开一个层面以查看网络的结果。
waiting-failed = 没有可用于分割的计算引擎。
waiting-running = 正在分割……
waiting-stopped = 已停止。
waiting-engine = 引擎就绪后将立即分割该层。
segment = 分割
share = 占本层 { $percent } %
share-with-pixels = { $pixels } px，占本层 { $percent } %
product = 乘积 { $product }
tumour-present = 是否有肿瘤
tumour-area = 肿瘤面积
diameters = 最长径 × 垂直径
diameters-drawn = 径线（手动）
compute-again = 重新计算
sensitivity = 灵敏度
opacity = 不透明度
skipped = 本层未发现肿瘤，因此未计算轮廓。
segment-anyway = 仍然分割
time = 用时
time-decode = 解码
time-normalise = 标准化
time-encoder = 编码器与存在判断
time-decoder = 解码器
time-mask = 掩膜
review = 需复核 { $count } 层
review-done = 复核完成
review-unsure = 不确定
review-parts = 已去除小块
review-end = 肿瘤边缘层
nothing-outlined = 无轮廓
slice-numbered = 第 { $number } 层
slice-is-right = 第 { $number } 层正确
lengths = 长度
delete-length = 删除长度：{ $name }
compare = 与标注比较
comparison = 标注与掩膜
comparison-enlarge = 放大
comparison-back = 返回面板
save-comparison = 保存比较图（PNG）
use-label = 以标注为掩膜
    .help = 此后修改的是标注，作为一步操作，可撤销
save = 保存
save-seg = DICOM SEG
    .help = 引用原图像的 DICOM 分割
save-nifti = NIfTI 掩膜
    .help = 与检查文件同网格的标签图
save-report = 报告
    .help = 一页，可打印或存为 PDF
save-mask = 掩膜（PNG）
    .help = 本层掩膜，黑白
save-picture = 图像（PNG）
    .help = 本层及其掩膜
save-csv = 测量值（CSV）
    .help = 各层测量值表格
save-json = JSON
    .help = 各层测量值，含模型与设备
save-more = 更多
save-dicom-report = 结构化报告
    .help = 含测量值的 DICOM SR，以及其引用的分割，打包为 zip
save-dicom-picture = DICOM 图片
    .help = 报告各平面的 DICOM 二次捕获图像
save-label-map = 标签图 SEG
    .help = 每像素一字节的 DICOM 分割
save-probabilities = 概率 SEG
    .help = 含网络概率的 DICOM 分割，不含手绘修改
save-without-patient = 不含患者数据
    .help = 在所有保存内容中替换或去除姓名、日期和标识符；图像与您的备注保持不变
save-session = 会话
    .help = 所有修正及其历史、测量值和备注，可在别处用相同的图像继续
session-back = { $name }：{ $count } 个层面的修正已恢复。
session-empty = { $name } 不含任何修正。
session-other-model = 当时由另一个模型作答，因此掩膜保持保存时的样子，不带历史。
session-studies = 加入的检查、输入的日期、移动过的中线和配准：已恢复 { $count } 项。
session-missing = 其中 { $count } 个层面尚未打开（{ $images }）。在此打开相同的图像后，修正会随之恢复。
session-corrected = { $name }：{ $count } 个层面在此已被处理，保持不变。请撤销后重新打开会话以采用其修正。
session-slices-damaged = { $name }：{ $count } 个层面的修正已损坏，未予采用。
session-damaged = { $name } 已损坏或不是本程序的会话文件。未作任何更改；请重新复制该文件。
session-newer = { $name } 由本程序的更新版本保存。未作任何更改；请用那个版本打开。
session-not-written = 会话无法保存：{ $why }。屏幕上的内容没有丢失。
keep = 在本机保留修改
kept = 已保留 { $slices } 层；再次打开文件时修改会恢复。
forget = 清除
model = { $model }，{ $device }，{ $adapter }。
model-dice = 未见过患者的平均体积 Dice { $dice }。
model-card = 模型说明
models = 其他模型
no-prompts = 该模型不接受点击、涂画或圈选。可用画笔、橡皮擦和套索修改其掩膜。
pixels-without-spacing = 文件无像素间距时以像素计量。
by-slice = 逐层
by-slice-slice = 层
by-slice-area = 面积 { $unit }²
by-slice-longest = 最长 { $unit }
by-slice-across = 垂直

## 图像、下方曲线与其他视图

slice-with-overlays = 带叠加的层面
slice-of = 第 { $number } / { $slices } 层
slice-said = 第 { $number } / { $slices } 层：{ $area }
probe = 列 { $column }，行 { $row }：{ $value }
sides = 方位
side-unknown = 方位未知
legend-mask = 掩膜
legend-region = 读取区域
    .help = ；点击另一幅图可移动方框
legend-other = 另一时间点
legend-label = 标注
propagating = 正在传播，第 { $slice } 层……
segmenting-volume = 正在分割 { $done } / { $total }{ $cores ->
    [one] {""}
   *[other] ，{ $cores } 核
  }{ $left }
time-left = ，剩余 { $time }
seconds = { $count } 秒
minutes = { $count } 分钟
not-segmented = 未分割
no-tumour = 无肿瘤
corrected = 已修改
to-review = 需复核
area-by-slice = 各层面积
area-largest = 最大 { $area }
area-slider = 屏幕上的层面（按肿瘤面积）
reformats = 重建
sagittal = 矢状面
coronal = 冠状面
not-to-scale = 非等比例
reformat-help = 点击或用方向键移动十字线；双击或按 Enter 仅显示此视图。点击提示与画笔作用于网络读取的轴位层面
work-on = 在 { $name } 上操作
hint-aims = 设置十字线

## 检查链接

linked-no-address = 本页地址中 study= 后的“{ $written }”不是有效地址。
linked-elsewhere = “{ $written }”位于其他网站。链接只能打开本网站的检查：请下载后拖放到此处。
linked-not-loaded = 本页地址中的“{ $written }”未能载入：{ $why }。请检查地址。

## 本站的 PACS

pacs-open = 从 PACS 打开
pacs-patient = 患者姓名
pacs-id = 患者编号
pacs-date = 检查日期
pacs-search = 查找
pacs-none = PACS 中没有符合的检查。
pacs-study = { $id } · { $date } · { $modalities } · { $count } 幅图像
pacs-series = 序列
    .help = 选择该检查的单个序列
pacs-series-of = 要打开的序列
pacs-series-facts = { $modality } · { $count } 幅图像
pacs-open-series = 打开 { $count } 个序列（{ $images } 幅图像）
pacs-open-none = 请勾选一个 MR 序列
pacs-previous = 上一页
pacs-next = 下一页
pacs-cancel = 取消
pacs-searching = 正在查找…
pacs-asking = 正在请求检查…
pacs-coming = 第 { $done } 幅图像，共 { $of } 幅
pacs-left-out = 该检查的另外 { $count } 个序列留在 PACS 中（{ $kinds }）。
pacs-cancelled = 已取消。
pacs-no-mr = 该检查在 PACS 中没有 MR 序列（{ $kinds }）。未打开任何内容。
pacs-locked = PACS 拒绝访问（状态 { $status }）。请先登录本站，然后重试。
pacs-missing = PACS 中没有该检查，或本站的 dicom-web/ 处没有 PACS（状态 404）。
pacs-status = PACS 无法应答（状态 { $status }）。请重试，或联系其管理员。
pacs-other-answer = PACS 返回的不是 DICOM（“{ $kind }”）。可能是登录页面：请先登录本站，然后重试。
pacs-broken-off = PACS 的应答在 { $count } 幅图像后中断。未打开任何内容；请重试。
pacs-silent = 一分钟内未收到 PACS 的任何内容。请重试，或联系其管理员。
pacs-unreachable = 无法连接 PACS，或连接中断（{ $why }）。请检查网络后重试。
pacs-perhaps-stored = 尚不清楚掩膜是否已存储：再次发送前请先在 PACS 中查看。
pacs-send = 发送到 PACS
pacs-send-what = { $study } 的掩膜将作为新序列（仅供研究的 DICOM 分割）存入 PACS 中的原检查。检查：{ $patient }。
pacs-with-report = 附上测量值的结构化报告
pacs-send-now = 发送
pacs-sending = 正在发送…
pacs-sent = PACS 已将 { $count } 个文件存入该检查。
pacs-not-stored = PACS 存储了 { $total } 个文件中的 { $stored } 个（原因 { $reason }）。掩膜仍在此处：请另存为 DICOM SEG。
pacs-study-unknown = PACS 中没有该检查，因此未发送：掩膜会单独存在。请先将图像发送到 PACS。
pacs-without-patient = 已勾选“不含患者数据”。这样的文件使用其他标识符，不属于原检查，因此不发送。取消勾选后再发送。

## 网络适用范围与把握程度

doubt-no-flair = 此检查中没有 FLAIR。网络以 FLAIR 训练，在其他序列上的标记不可靠。请同时打开 FLAIR 序列，或在下方选择。
doubt-no-head-study = 这些图像不像网络训练所用的头部轴位 MR 层面，其标记没有意义。请打开头部轴位 MR 序列。
doubt-no-head = 该图像不像网络训练所用的头部轴位 MR 层面，其标记没有意义。请打开头部轴位 MR 层面。
presence-tumour = 有肿瘤
presence-unsure = 不确定，请查看本层
presence-none = 未发现
presence-share = 网络认为本层有肿瘤的可能性为 { $share }。
share-more = 大于 { $percent } %
share-less = 小于 { $percent } %
share-exactly = { $percent } %
presence-drawn = 掩膜为手动绘制。
presence-erased = 掩膜已手动擦除。
presence-marked = 网络仍作了标记。
presence-unmarked = 网络未作标记。

## 首屏

first-heading = 一秒勾画脑肿瘤，一次点击即可修正。
first-promise = 在此计算机上运行。无需上传，无需账户。
first-try = 用此层面试一试
first-files = 打开文件 …
first-folder = 打开文件夹 …
first-drop = 将检查或层面拖放或粘贴到任意位置：DICOM、NIfTI、zip、PNG、JPEG、WebP、TIFF
first-slice = 已勾画肿瘤的脑部层面
first-reading = 正在读取 { $files } 个文件 …
first-loading = 正在加载模型 …
first-failed = 模型无法启动。
first-outlining = 正在勾画肿瘤 …
first-outlined = 已在此计算机上勾画，用时 { $seconds } 秒
first-click = 点击以修正
samples = 示例
samples-terms = 使用条款
sample-large = 大肿瘤
sample-small = 小肿瘤
sample-missed = 遗漏的肿瘤
sample-nothing = 无肿瘤
sample-study = 完整检查，3 MB

## 引导演示

tour-step = 引导演示，第 { $number } / 3 步
tour-see = 查看
tour-fix = 修正
tour-compare = 对比
tour-waiting = 模型正在分析此层面 …
tour-outlined = 模型已在此计算机上以橙色勾画肿瘤。接下来看一个它遗漏的肿瘤。
tour-too-much = 虚线为专家勾画的轮廓。黄圈处模型标记过多：请点击该处。
tour-missed = 虚线为专家勾画的轮廓。模型遗漏了此肿瘤。请在黄圈内点击。
tour-agrees = 此处模型与专家的虚线轮廓一致。仍可点击任意位置进行修正。
tour-gain = 一次点击使与专家的一致性（Dice）从 { $before } 升至 { $after }。
tour-keys = 按住空格键或眼睛图标可查看之前的掩膜；Ctrl Z 撤销。现在请拖入您自己的图像。
tour-next = 演示
tour-done = 完成
tour-skip = 跳过演示

## 自动演示

bench = 本机速度
bench-loading = 正在加载网络 …
bench-study = 正在打开示例检查 …
bench-slices = 已分割 { $done } / { $total } 层 …
bench-clicks = 正在测量 { $count } 次点击 …
bench-done = 请将此文本复制到您的消息中。其中不含患者信息。
bench-failed = 网络没有响应。请重新加载页面再试。
bench-copy = 复制
demo-try = 触摸屏幕或按任意键即可亲自试用。
demo-drop = 将层面拖放到任意位置。图像保留在此计算机上。
demo-mask = 模型已在此处勾画肿瘤，用时 { $seconds } 秒。
demo-missed = 此处模型遗漏了肿瘤。虚线为专家勾画的轮廓。
demo-click = 一次点击后与专家一致：Dice 从 { $before } 升至 { $dice }。
demo-study = 现在是一个完整的检查。
demo-slices = 全部 { $slices } 个层面在此逐层分割。
demo-segmented = { $slices } 个层面用时 { $seconds } 秒，仅用此计算机。

## 可撤销的步骤

step-threshold = 阈值
step-threshold-of = 阈值 { $threshold }
step-small-parts = 略去小块
step-largest-part = 仅保留最大部分
step-between = 填充中间层面
step-propagated = 传播掩膜
step-from-file = 来自文件的掩膜
step-taken-over = 采用掩膜
step-click = 点击
step-click-waiting = 点击，正在计算
step-scribble = 画线
step-scribble-waiting = 画线，正在计算
step-loop = 圈选
step-loop-waiting = 圈选，正在计算
step-painted = 涂画
step-erased = 擦除
step-diameters = 径线
step-diameters-again = 重新计算径线
step-length = 长度
step-length-deleted = 删除长度
step-elsewhere = 本层无变化

## 测量值及与标注的比较

amount = { $value } { $unit }
two-lengths = { $longest } × { $across } { $unit }
diameters-with-product = { $lengths }，乘积 { $product }
sensitivity-default = 默认
sensitivity-title = 概率不低于 { $threshold } 的像素视为肿瘤。双击：恢复默认值
dice-of-volume = Dice，整个容积
iou-of-volume = IoU，整个容积
both-empty = 标注：无肿瘤。一致。
figure-image = 图像
figure-label = 标注
figure-prediction = 预测
figure-label-in-place = 标注叠加
figure-prediction-in-place = 预测叠加
saved-incomplete = { $slices } 个层面中有 { $unknown } 个尚未分割：这些层面仅保存涂画的部分。可用“分割全部层面”完成分割。
whole-withheld = 此检查中没有 FLAIR。请在面板中点击“仍然分割”，或打开其 FLAIR 序列。

## 报告

report-explained = 一页：三个平面上的掩膜、测量值、各层面面积及您的备注。如需存为文件，请在浏览器打印时选择“另存为 PDF”。
report-comments = 备注
report-print = 打印
report-heading = Gliolens · 肿瘤分割
report-check = 橙色：掩膜。掩膜由网络绘制，须经人工核对。不打印患者资料。
report-patient = 患者
report-reader = 阅片者
report-day = 日期
report-slice = 层面
report-study-date = 检查日期
report-unknown = 未知
report-voxel = 体素
report-voxel-size = { $x } × { $y } × { $z } mm
report-voxel-unknown = 大小未知
report-segmented = 已分割层面
report-segmented-of = { $segmented } / { $slices }
report-largest-area = 最大面积
report-largest-product = 最大乘积
report-diameters = 径线
report-nothing-marked = 未标记肿瘤
report-on-slice = 第 { $number } 层：{ $what }
report-drawn = { $lengths }，手动测量
report-volume-dice = 体积 Dice
report-threshold = 阈值
report-threshold-own = { $threshold }（默认）
report-threshold-other = { $threshold }
report-small-parts = 小块
report-left-out = 已略去
report-series-registered = { $name }，已配准到 FLAIR
report-left-out-on = 已略去：{ $slices }
report-corrected = 手动修正
yes = 是
no = 否
report-network = 网络
report-network-version = { $model }，版本 { $version }
report-no-network = 无网络
report-device = 设备
report-no-device = 无
report-date = 报告日期
report-area = 面积
report-longest = 最长径
report-across = 垂直径
report-row-corrected = 已修正
report-more = 另有 { $count } 个面积较小的层面
area-in-unit = 各层面面积（{ $unit }）
plane-axial = 轴位，第 { $slice } / { $slices } 层
plane-sagittal = 矢状位，第 { $column } 列
plane-coronal = 冠状位，第 { $row } 行

# 随访：同一患者的多次检查

follow-up = 随访
follow-up-join = 加入“{ $name }”
    .help = 此检查属于同一患者：将两者比较
follow-up-part = 非同一患者
follow-up-date = 日期
follow-up-date-of = { $name } 的日期
follow-up-change = 变化
follow-up-diameter = 平均直径 { $length }
follow-up-product = 乘积 { $percent }
follow-up-interval = 95% 区间 { $low } 至 { $high }
follow-up-incomplete = 尚有层面未分割：数值仅来自已分割的层面。
follow-up-velocity = 平均直径：{ $rate } mm/年，历时 { $days } 天（95% 区间 { $low } 至 { $high }，由网络自身掩膜的误差得出）。
follow-up-fast = 超过 8 mm/年。
follow-up-fast-unsure = 超过 8 mm/年，但区间下限低于此值。
follow-up-areas = 沿头部的面积（自足侧起，单位 mm）：橙色为本次检查，绿色为 { $name }
follow-up-corrected = 掩膜经人工修改。区间适用于网络自身的掩膜；修改后掩膜的区间未知。
follow-up-unscaled = 未列入随访，因文件未说明体素大小：{ $names }。
follow-up-identifier = 已打开的检查中有相同的患者编号，但姓名或出生日期不同、缺失或无法区分患者。若属同一患者，请加入。
follow-up-no-date = 缺少日期，故不给出速率。
follow-up-same-day = 均为同一天，故不给出速率。
follow-up-one = 只有一次检查，故不给出速率。
rano-complete = 完全缓解
rano-partial = 部分缓解
rano-minor = 轻微缓解
rano-stable = 疾病稳定
rano-progressive = 疾病进展
follow-up-products = { $count } 个病灶的直径乘积（之和）
follow-up-class = 仅按{ $by }的 RANO-LGG 2011：{ $class }（较首次检查 { $first }，较最小时 { $least }）。为计算值，并非诊断。
follow-up-class-new = 按新病灶的 RANO-LGG 2011：{ $class }，与{ $by }无关（较首次检查 { $first }，较最小时 { $least }）。为计算值，并非诊断。
follow-up-no-class = 首次检查无可比较的病灶，故不计算 RANO 类别。
follow-up-not-measurable = 并非每次检查都有足够大的可测量病灶。
follow-up-criteria = 标准
follow-up-criteria-are = 完全缓解：无病灶。部分缓解：乘积减少 { $partial }% 及以上。轻微缓解：减少 { $minor }% 至 { $partial }%。进展：较最小时增加 { $progression }% 及以上，或有新病灶。稳定：其余情况。可测量：两条直径均不小于 { $mm } mm，且至少见于 { $slices } 个层面。有多个病灶（掩膜的连通部分）时，将可测量病灶的乘积相加，最多取最大的 { $most } 个；此前可测量者亦计入。新病灶：配准后，掩膜中至少 { $ml } ml 且距前次检查的掩膜超过 { $margin } mm 的部分。未评估：强化、四周后确认、皮质类固醇、患者状态。来源：doi 10.1093/noajnl/vdad118。
new-lesions-found = 较前次检查有 { $count } 个新病灶，共 { $volume }。
new-lesion-on = 第 { $slice } 层，{ $volume }
new-lesions-none = 较前次检查无新病灶。
new-lesions-not-registered = 未查找新病灶：未配准。
new-lesions-unsure = 未查找新病灶：配准不可靠。
new-lesions-not-segmented = 未查找新病灶：尚有层面未分割。
compare-studies = 并排
    .help = 在层面旁显示另一时间点的同一位置
fade = 叠加 { $name }
    .help = 将另一时间点的同一位置叠加在层面上
compare-with = 并排显示
registered = 已配准
not-registered = 未配准
register = 配准
    .help = 按图像内容将两次检查对齐（刚性，互信息）
registering = 正在配准，{ $percent }%……
registered-by = 已配准：旋转 { $turn }°，移动 { $shift } mm；多次搜索一致到 { $spread } mm。
registered-unsure = 多次搜索仅一致到 { $spread } mm：请目视检查。
linked-by-headers = 未配准：按文件中的位置对应。
linked-by-middles = 未配准：文件无位置信息，以中心对齐。
unregister = 撤销配准
not-registered-why = 无法配准：{ $why }。

report-days = 第 { $days } 天

# 三维

space = 肿瘤的三维视图
    .help = 拖动旋转，滚轮缩放；双击或按 Enter 仅显示此视图
space-caption = 3D
space-turn = 旋转
space-loading = 正在加载……
space-failed = 三维视图无法启动（{ $why }）。需要 WebGL2。
space-empty = 尚无标记。
space-unscaled = 文件未说明体素大小，故无三维视图。
command-layout-four = 四个视图
    .help = 层面、两个重建视图和三维肿瘤
command-layout-follow-up = 两个时间点
    .help = 层面与另一次检查的同一位置并排
command-both-times = 两个时间点
    .help = 配准后同时显示另一时间点的肿瘤
save-stl = 表面（STL）
    .help = 肿瘤表面，单位 mm，用于 3D 打印等
save-obj = 表面（OBJ）
    .help = 肿瘤表面，单位 mm，Wavefront OBJ
save-glb = 表面（GLB）
    .help = 肿瘤表面，二进制 glTF
save-timeline = 时间线（CSV）
    .help = 此患者所有检查的日期、体积、乘积和变化

# 肿瘤位置

location-name = 位置
location = { $side }，中心距中线 { $middle }，最近边缘距中线 { $nearest }（按对称性）
location-crosses = { $percent }% 位于{ $side }，跨越中线（按对称性）；中心距中线 { $middle }
location-unsure = 头部对称性不足，不宜依据。
side-left = 左半球
side-right = 右半球
side-picture-left = 图像左侧（患者侧别未知）
side-picture-right = 图像右侧（患者侧别未知）
midline = 中线
    .help = 在层面上显示中线，以便检查和移动
midline-left = 中线左移 1 mm
midline-right = 中线右移 1 mm

## What the readers of files say after the file's name. In English the readers say it themselves.

reader-foreign-empty = 文件为空；请重新下载或复制
reader-foreign-cut = { $layer } 文件损坏或不完整；请重新下载或复制
reader-layers-nested = 压缩层数过多；请先解压
reader-foreign-dicomdir = DICOMDIR（光盘目录）；请拖放它所在的整个文件夹
reader-foreign-cifti = CIFTI 文件，保存的是脑表面上的数值；请拖放 NIfTI 容积
reader-foreign-gifti = GIFTI 文件，保存的是脑表面；请拖放 NIfTI 容积
reader-foreign-freesurfer = FreeSurfer 表面；请改为拖放容积（.mgz）
reader-foreign-minc = MINC 容积；请转换为 NIfTI（mnc2nii x.mnc x.nii）
reader-foreign-afni = AFNI 容积文件（.HEAD、.BRIK）；请转换为 NIfTI（3dAFNItoNIFTI x+orig）
reader-foreign-mrtrix = MRtrix 容积；请转换为 NIfTI（mrconvert x.mif x.nii.gz）
reader-foreign-par-rec = Philips PAR/REC 文件；请转换为 NIfTI（dcm2niix）或导出为 DICOM
reader-foreign-interfile = Interfile 文件头；请将容积转换为 NIfTI 或导出为 DICOM
reader-foreign-raw-data = 扫描仪重建前的原始数据；请将图像导出为 DICOM
reader-foreign-tracts = 神经纤维束文件（TrackVis、MRtrix），不含图像
reader-foreign-vtk = VTK 文件；请将容积保存为 NIfTI
reader-foreign-numpy = NumPy 数组，没有说明各数值的位置；请保存为 NIfTI（nibabel）
reader-foreign-matlab = MATLAB 文件；请将容积保存为 NIfTI（niftiwrite）
reader-foreign-hdf5 = HDF5 文件；请将其中的容积保存为 NIfTI
reader-foreign-netcdf = netCDF 文件；请将其中的容积保存为 NIfTI（MINC 1：mnc2nii）
reader-foreign-pickle = Python pickle 或 PyTorch 模型；请将其中的容积保存为 NIfTI
reader-foreign-sqlite = SQLite 数据库；请将图像导出为 DICOM
reader-foreign-picture = 不支持的图像格式（{ $kind }）；请保存为 PNG 或 JPEG，或拖放其来源 DICOM 文件
reader-foreign-video = 视频（{ $kind }）；请将其画面保存为 PNG，或拖放其来源 DICOM 文件
reader-foreign-sound = 声音文件，不含图像
reader-foreign-archive = 不支持的压缩包（{ $kind }）；请先解压再拖放其中的文件
reader-foreign-piece-of-zip = zip 分卷或已损坏的 zip；请将所有分卷一起解压再拖放其中的文件
reader-foreign-disc = 光盘映像；请打开后拖放其中的文件
reader-foreign-pdf = PDF 文档；报告中没有可测量的图像，请拖放 DICOM 文件
reader-foreign-office = Office 文档；粘贴其中的图片已不是扫描图像，请拖放 DICOM 文件
reader-foreign-program = 程序（{ $kind }），不含图像
reader-foreign-pointer = Git LFS 或 git-annex 指针，文件本身尚未下载；请下载文件本身（git lfs pull、git annex get）
reader-foreign-text = 文本文件，不含图像
reader-foreign-json = JSON 文件，伴随图像但本身不含图像
reader-foreign-xml = XML 文件，不含图像
reader-foreign-html = 网页（HTML），可能因为下载需要登录；请重新下载文件
reader-foreign-table = 表格（CSV 或 TSV），不含图像
reader-foreign-unknown = 未知类型的文件；层面应为 PNG、JPEG、WebP 或 TIFF，容积应为 DICOM 或 NIfTI
reader-layer-damaged = { $layer } 文件损坏或不完整；请重新下载或复制（{ $detail }）
reader-unpacks-too-large = 解压后内容过大；请先解压，再拖放一个检查
reader-archive-damaged = 压缩包损坏或不完整；请重新下载或复制（{ $detail }）
reader-archive-password = 有密码保护；请先解压再拖放其中的文件
reader-archive-method = 采用不支持的压缩方式 { $method }；请打包为普通 zip
reader-archive-same-names = 与压缩包中另一文件同名；请为每个文件使用不同的名称
reader-archive-empty = 压缩包为空；请重新打包或下载
reader-archive-nested = 压缩包嵌套过深；请先解压
reader-missing-half = 缺少配对的 { $half } 文件；请一起拖放
reader-missing-files = { $of } 个数据文件中缺少 { $count } 个（{ $names }）；请全部一起拖放
reader-dicom-damaged = DICOM 文件损坏或不完整；请重新复制或导出（{ $detail }）
reader-dicom-syntax = 像素的传输语法 { $syntax } 不受支持；请以未压缩形式导出
reader-dicom-length = 像素数据有 { $found } 字节，而文件头注明 { $expected } 字节；请重新复制或导出
reader-dicom-too-large = 文件头注明 { $columns } × { $rows } × { $frames } 像素，超出可读取范围；请缩小或分批导出
reader-dicom-values = 像素解码结果与文件头不符；请以未压缩形式导出
reader-dicom-header = 文件头缺少可用的信息（{ $detail }）；请重新导出
reader-left-localiser = 定位像
reader-left-mosaic = 一幅图像中并排多个层面，且文件头未说明其位置；请转换为 NIfTI，例如用 dcm2niix
reader-left-colour = 彩色截图，不是 MR 信号强度
reader-left-not-mr = 不是 MR 图像（{ $kind }）
reader-left-no-pixels = 不是图像（{ $kind }）
reader-nifti-pair = 成对文件的头文件（.hdr、.img）；请一起拖放
reader-no-image = 含 { $size } 个数（表面、一行或表格），不是图像；请拖放容积
reader-no-volume = 含 { $count } 个容积，没有编号 { $number }
reader-grid-damaged = { $format } 文件损坏或不完整；请重新下载或复制（{ $detail }）
reader-grid-values = { $format } 文件的数值不是信号强度；请保存为整数或浮点数
reader-grid-encoding = { $format } 文件的编码不受支持（{ $detail }）；请以 raw 或 gzip 保存
reader-grid-elsewhere = { $format } 头文件，数据在另外 { $count } 个文件中（{ $names }）；请全部一起拖放
reader-grid-too-large = { $format } 文件头注明 { $bytes } 字节，超出可读取范围；请缩小或减少容积后保存
reader-seg-kind = { $kind } 类型的分割不受支持；请保存为 BINARY、LABELMAP 或 FRACTIONAL
reader-seg-damaged = DICOM 分割损坏（{ $detail }）
reader-seg-pixels = DICOM 分割无法读取：{ $detail }
reader-seg-other-study = 所标图像不属于当前检查
reader-seg-together = 所有分段一并视为肿瘤：{ $names }
reader-seg-chosen = 视为肿瘤的分段：{ $taken }；未计入：{ $left }
reader-seg-half = 该分割为分数型；取不低于最大值 { $most } 一半的像素
reader-seg-threshold = 该分割含概率；取不低于其阈值 { $threshold } 的像素
reader-label-grid = 所标网格为 { $found } 体素，检查为 { $expected }
reader-label-elsewhere = 网格大小与检查相同，但在患者中的位置不同或已旋转
reader-unplaced = { $first } 与 { $second } 网格不同，且并非都注明在患者中的位置；请去掉其中一个
reader-no-flair = 没有 FLAIR 容积
reader-stack-too-few = 一幅图像不成容积；请选择两个或更多层面
reader-stack-sizes = { $first } 与 { $other } 大小不同；容积需要同样大小的层面
reader-picture-unknown = 无论名称如何，不是 PNG、JPEG、WebP 或 TIFF 图像；请保存为其中一种
reader-picture-too-large = 图像为 { $width } × { $height } 像素，超出可读取范围；请缩小后保存
reader-picture-too-small = 图像只有 { $width } × { $height } 像素；请拖放原图
reader-picture-pages = 文件超过 { $pages } 页，多于任何层面序列；请只保存所需层面
reader-picture-pages-large = 文件各页共需 { $mib } MiB，超出可读取范围；请减少一个文件中的页数
reader-file-damaged = 文件损坏或不完整；请重新下载或复制（{ $detail }）
reader-register-unspaced = 有文件未注明体素间距，无法比较大小；请连同头文件打开
reader-register-unplaced = 只有一个注明在患者中的位置；请连同头文件打开两者
reader-register-empty = 容积的所有体素相同；请选择其他序列
reader-register-overlap = 只有 { $percent } % 的头部同时在两者中；请选择显示同一部分的序列
reader-register-unsure = 从不同起点搜索的结果相差 { $mm } mm，不可信；请选择其他序列
reader-register-unlike = 两者没有共同之处；请检查是否为同一头部
reader-register-cancelled = 已取消
reader-link-unspaced = 文件未注明体素间距
reader-link-flat = 网格没有体积
reader-surface-unspaced = 文件未注明体素间距，表面没有大小；请连同头文件打开
reader-surface-empty = 没有标记；请先绘制或分割
reader-write-no-reference = 掩膜的 DICOM 文件需要引用 DICOM 图像，而此检查没有；请保存 NIfTI
reader-write-empty = 掩膜为空，DICOM 分割不能为空；没有可保存的内容
reader-write-failed = DICOM 文件无法写入（{ $detail }）
reader-archive-not-written = 无法写入归档文件（{ $detail }）
reader-odd-mixed = 图像的大小、方向或间距不同；已分为 { $count } 个容积，最大的在前
reader-odd-localisers = { $count } 幅图像似为定位像（数量少且方向或网格不同），未使用（{ $names }）
reader-odd-doubled = 与其他文件重复的层面（{ $count } 个，首个为 { $first }）；使用了第一个
reader-odd-one-place = 全部 { $count } 幅图像显示同一位置；按编号排列，测量以像素为单位，重建无意义
reader-odd-turning = { $count } 幅图像方向各不相同；按编号排列，测量以像素为单位，重建无意义
reader-odd-repeated = 每个位置有 { $count } 幅图像（回波、时间点或重复）；已分为 { $count } 个容积
reader-odd-lost = 未注明位置的图像（{ $count } 幅，首幅为 { $first }）未使用
reader-odd-duplicates = 与其他层面位置相同的图像（{ $count } 幅，首幅为 { $first }）；使用了第一幅
reader-odd-gap = { $after } 与 { $before } 相距 { $gap } mm，通常为 { $step } mm；该处缺少层面，体积和重建仅为近似
reader-odd-uneven = { $after } 与 { $before } 相距 { $gap } mm，通常为 { $step } mm；层距不均，体积和重建仅为近似
reader-odd-no-place = 文件未注明在患者中的位置；左右未知，层面按文件顺序排列
reader-odd-no-spacing = 文件没有可用的像素间距；测量以像素为单位
reader-odd-forms = 文件头两次注明位置，相差最多 { $mm } mm；按 NIfTI 规定使用了第一个（sform）
reader-odd-forms-mirrored = 文件头两次注明位置，相差最多 { $mm } mm 且左右相反；按 NIfTI 规定使用了第一个（sform）
reader-odd-sform = 文件头中的位置矩阵（sform）不可用；使用了旋转（qform）
reader-odd-analyze = Analyze 文件未注明左右；左右未知
reader-odd-first-of = 含 { $count } 个容积，无法同时打开；已打开第一个，其余可按编号打开
reader-odd-pages = 文件中 { $count } 页未使用（缩略图、掩膜或其他大小）
reader-odd-missing-numbers = 按编号缺少 { $count } 个层面（{ $numbers }）；体积和重建仅为近似
reader-odd-not-finite = { $count } 个值不是数；显示为最暗
reader-odd-outliers = { $count } 个值远超其他值；已限制在其他值的范围内
reader-same-patient = 与旁边名称开头不同的文件（{ $first }、{ $second }）视为同一患者；如有误，请分别拖放每位患者的文件
reader-same-names = 有多个同名文件；如属于不同患者，请分别拖放每位患者的文件夹
reader-same-as-screen = 视为与当前没有 FLAIR 的检查属于同一患者；如有误，请关闭该检查并分别打开每位患者的文件
