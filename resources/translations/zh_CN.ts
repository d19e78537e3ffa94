<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
  <context>
    <name>cascadeclip</name>
    <message>
      <source> pixels</source>
      <translation> 像素</translation>
    </message>
    <message>
      <source>"{first}" and "{second}" are nearly the same to the model</source>
      <translation>对模型来说“{first}”和“{second}”几乎相同</translation>
    </message>
    <message>
      <source>"{first}" and "{second}" are two forms of one word</source>
      <translation>“{first}”和“{second}”是同一个词的两种形式</translation>
    </message>
    <message>
      <source>"{name}" cannot be a word: leave out commas, bars, line breaks and a first "-".</source>
      <translation>“{name}”不能作为词:请去掉逗号、竖线、换行和开头的“-”。</translation>
    </message>
    <message>
      <source>"{name}" is both a word and a negative word; remove one of the two.</source>
      <translation>“{name}”既是词又是负面词;请删除其中一个。</translation>
    </message>
    <message>
      <source>"{name}" is no longer looked for; its masks stay.</source>
      <translation>不再查找“{name}”;它的掩膜会保留。</translation>
    </message>
    <message>
      <source>"{word}" is already there as "{name}".</source>
      <translation>“{word}”已经有了,就是“{name}”。</translation>
    </message>
    <message>
      <source>"{word}" lost {points} points</source>
      <translation>“{word}”下降了 {points} 个点</translation>
    </message>
    <message>
      <source>, going on from step {step}</source>
      <translation>,从第 {step} 步继续</translation>
    </message>
    <message>
      <source>, loss {loss}</source>
      <translation>,损失 {loss}</translation>
    </message>
    <message>
      <source>, on this machine</source>
      <translation>,在本机上</translation>
    </message>
    <message>
      <source>, then stopped</source>
      <translation>,随后停止</translation>
    </message>
    <message>
      <source>, {size} of it here already</source>
      <translation>,其中 {size} 已在本机</translation>
    </message>
    <message>
      <source>1 mask on this image</source>
      <translation>此图像上有 1 个掩膜</translation>
    </message>
    <message>
      <source>1 suggestion</source>
      <translation>1 个建议</translation>
    </message>
    <message>
      <source>1 word</source>
      <translation>1 个词</translation>
    </message>
    <message>
      <source>100 %</source>
      <translation>100 %</translation>
    </message>
    <message>
      <source>: {done} of {total}</source>
      <translation>:{done} / {total}</translation>
    </message>
    <message>
      <source>; {left} regions and {names} names were left out</source>
      <translation>;略去了 {left} 个区域和 {names} 个名称</translation>
    </message>
    <message>
      <source>&lt;b&gt;Cascade-CLIP {version}&lt;/b&gt;&lt;p&gt;Segments images by words, on this computer alone.&lt;/p&gt;
&lt;p&gt;The method is Cascade-CLIP (Li et al., ICML 2024). Suggestions are the model's, masks are
yours; every change is saved at once.&lt;/p&gt;</source>
      <translation>&lt;b&gt;Cascade-CLIP {version}&lt;/b&gt;&lt;p&gt;按词分割图像,完全在本机进行。&lt;/p&gt;
&lt;p&gt;方法为 Cascade-CLIP(Li 等,ICML 2024)。建议来自模型,掩膜属于
您;每次更改都会立即保存。&lt;/p&gt;</translation>
    </message>
    <message>
      <source>A .pth of Cascade-CLIP's, ZegCLIP's or SPT-SEG's code</source>
      <translation>Cascade-CLIP、ZegCLIP 或 SPT-SEG 代码的 .pth 文件</translation>
    </message>
    <message>
      <source>A classifier of the marked pixels changes nothing for the better on the corrected images. Correct more images, or try another recipe.</source>
      <translation>标记像素的分类器在已修正的图像上没有任何改进。请再修正一些图像,或换一种学习方式。</translation>
    </message>
    <message>
      <source>A file, replaced whole</source>
      <translation>一个文件,整体替换</translation>
    </message>
    <message>
      <source>A folder of its own</source>
      <translation>单独的文件夹</translation>
    </message>
    <message>
      <source>A hidden word keeps its masks and its suggestions</source>
      <translation>隐藏的词保留其掩膜和建议</translation>
    </message>
    <message>
      <source>A word needs a name; type at least one letter.</source>
      <translation>词需要名称;请至少输入一个字母。</translation>
    </message>
    <message>
      <source>About</source>
      <translation>关于</translation>
    </message>
    <message>
      <source>Accept</source>
      <translation>接受</translation>
    </message>
    <message>
      <source>Accept a suggestion, or {hint}.</source>
      <translation>请接受一个建议,或{hint}。</translation>
    </message>
    <message>
      <source>Accept a suggestion, select a mask</source>
      <translation>接受建议,选择掩膜</translation>
    </message>
    <message>
      <source>Accept all</source>
      <translation>全部接受</translation>
    </message>
    <message>
      <source>Accept all {count}</source>
      <translation>全部接受 {count} 个</translation>
    </message>
    <message>
      <source>Accept as {word}</source>
      <translation>作为 {word} 接受</translation>
    </message>
    <message>
      <source>Accept on all images</source>
      <translation>在所有图像上接受</translation>
    </message>
    <message>
      <source>Accept on all images...</source>
      <translation>在所有图像上接受...</translation>
    </message>
    <message>
      <source>Accept suggestion</source>
      <translation>接受建议</translation>
    </message>
    <message>
      <source>Accepted {count}</source>
      <translation>已接受 {count} 个</translation>
    </message>
    <message>
      <source>Accepted {count} on {images} images</source>
      <translation>已在 {images} 张图像上接受 {count} 个</translation>
    </message>
    <message>
      <source>Accepting was stopped; nothing was changed.</source>
      <translation>接受已停止;没有任何改变。</translation>
    </message>
    <message>
      <source>Action</source>
      <translation>操作</translation>
    </message>
    <message>
      <source>Actions and their keys</source>
      <translation>操作及其按键</translation>
    </message>
    <message>
      <source>Add images...</source>
      <translation>添加图像...</translation>
    </message>
    <message>
      <source>Add the images of a folder</source>
      <translation>添加一个文件夹中的图像</translation>
    </message>
    <message>
      <source>Add to the masks that are there</source>
      <translation>添加到已有的掩膜中</translation>
    </message>
    <message>
      <source>Added {count} images</source>
      <translation>已添加 {count} 张图像</translation>
    </message>
    <message>
      <source>After</source>
      <translation>之后</translation>
    </message>
    <message>
      <source>After some reviewed images: Model, Retrain. The new version is measured beside the old one and used only if it is better. {keys} shows all keys.</source>
      <translation>审阅一些图像之后:模型,重新训练。新版本会与旧版本一起测量,只有更好时才会使用。{keys} 显示所有按键。</translation>
    </message>
    <message>
      <source>Agree with a click</source>
      <translation>点击表示同意</translation>
    </message>
    <message>
      <source>All images</source>
      <translation>所有图像</translation>
    </message>
    <message>
      <source>All images are being pre-labelled already.</source>
      <translation>已经在预标注所有图像。</translation>
    </message>
    <message>
      <source>All layers</source>
      <translation>所有层</translation>
    </message>
    <message>
      <source>All words</source>
      <translation>所有词</translation>
    </message>
    <message>
      <source>Also what is suggested, with scores, in its own file</source>
      <translation>建议及其分数也写入单独的文件</translation>
    </message>
    <message>
      <source>Alt draws the box itself</source>
      <translation>按住 Alt 绘制矩形本身</translation>
    </message>
    <message>
      <source>An OpenAI archive, an open_clip checkpoint or safetensors</source>
      <translation>OpenAI 归档、open_clip 检查点或 safetensors</translation>
    </message>
    <message>
      <source>An image of {width} x {height} pixels is too thin to be looked at; crop it first.</source>
      <translation>{width} x {height} 像素的图像太窄;请先裁剪。</translation>
    </message>
    <message>
      <source>Another model is being fetched or read; wait for it, or cancel it.</source>
      <translation>正在获取或读取另一个模型;请等待或取消。</translation>
    </message>
    <message>
      <source>Another run</source>
      <translation>再训练一次</translation>
    </message>
    <message>
      <source>Any word</source>
      <translation>任意词</translation>
    </message>
    <message>
      <source>As for all words</source>
      <translation>与所有词相同</translation>
    </message>
    <message>
      <source>As is usual in the format</source>
      <translation>按该格式的惯例</translation>
    </message>
    <message>
      <source>As the system</source>
      <translation>跟随系统</translation>
    </message>
    <message>
      <source>Author</source>
      <translation>作者</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>上一步</translation>
    </message>
    <message>
      <source>Back up</source>
      <translation>备份</translation>
    </message>
    <message>
      <source>Back up...</source>
      <translation>备份...</translation>
    </message>
    <message>
      <source>Be shown around, on the demo</source>
      <translation>用演示项目带您了解一遍</translation>
    </message>
    <message>
      <source>Before</source>
      <translation>之前</translation>
    </message>
    <message>
      <source>Before and after</source>
      <translation>前后对比</translation>
    </message>
    <message>
      <source>Begin with</source>
      <translation>起始方案</translation>
    </message>
    <message>
      <source>Belongs to it</source>
      <translation>属于它</translation>
    </message>
    <message>
      <source>Better on the whole ({whyTold}), but {whyBut}.</source>
      <translation>总体更好({whyTold}),但 {whyBut}。</translation>
    </message>
    <message>
      <source>Better: {whyTold}.</source>
      <translation>更好:{whyTold}。</translation>
    </message>
    <message>
      <source>Box</source>
      <translation>矩形</translation>
    </message>
    <message>
      <source>Boxes</source>
      <translation>矩形框</translation>
    </message>
    <message>
      <source>Boxes, as suggestions</source>
      <translation>矩形框,作为建议</translation>
    </message>
    <message>
      <source>Brightness</source>
      <translation>亮度</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>画笔</translation>
    </message>
    <message>
      <source>By its place</source>
      <translation>按位置</translation>
    </message>
    <message>
      <source>By name</source>
      <translation>按名称</translation>
    </message>
    <message>
      <source>By worth</source>
      <translation>按价值</translation>
    </message>
    <message>
      <source>CLIP's weights from the network or a file, or a checkpoint</source>
      <translation>来自网络或文件的 CLIP 权重,或检查点</translation>
    </message>
    <message>
      <source>CLIP's weights let the program see photographs. They are fetched once, checked, and read from this machine from then on.</source>
      <translation>CLIP 的权重让程序能看懂照片。它们只获取一次,经过校验,之后从本机读取。</translation>
    </message>
    <message>
      <source>COCO</source>
      <translation>COCO</translation>
    </message>
    <message>
      <source>COCO, exact masks (RLE)</source>
      <translation>COCO,精确掩膜 (RLE)</translation>
    </message>
    <message>
      <source>COCO, one mask per word</source>
      <translation>COCO,每个词一个掩膜</translation>
    </message>
    <message>
      <source>COCO, panoptic</source>
      <translation>COCO,全景</translation>
    </message>
    <message>
      <source>COCO, polygons</source>
      <translation>COCO,多边形</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <source>Cancel the job</source>
      <translation>取消任务</translation>
    </message>
    <message>
      <source>Cancel: {title}</source>
      <translation>取消:{title}</translation>
    </message>
    <message>
      <source>Change keys</source>
      <translation>更改按键</translation>
    </message>
    <message>
      <source>Change keys...</source>
      <translation>更改按键...</translation>
    </message>
    <message>
      <source>Change the words</source>
      <translation>更改词</translation>
    </message>
    <message>
      <source>Changed since it was added: {path}</source>
      <translation>添加后已更改:{path}</translation>
    </message>
    <message>
      <source>Check project</source>
      <translation>检查项目</translation>
    </message>
    <message>
      <source>Check project...</source>
      <translation>检查项目...</translation>
    </message>
    <message>
      <source>Checked</source>
      <translation>校验</translation>
    </message>
    <message>
      <source>Choose a model</source>
      <translation>选择模型</translation>
    </message>
    <message>
      <source>Choose how to learn, and train again</source>
      <translation>选择学习方式,再训练一次</translation>
    </message>
    <message>
      <source>Choose one more mask, to merge or subtract</source>
      <translation>再选择一个掩膜以合并或减去</translation>
    </message>
    <message>
      <source>Choose where to write it.</source>
      <translation>请选择写入位置。</translation>
    </message>
    <message>
      <source>Choose...</source>
      <translation>选择...</translation>
    </message>
    <message>
      <source>Click</source>
      <translation>点击</translation>
    </message>
    <message>
      <source>Click accepts a suggestion or selects a mask, Shift chooses more</source>
      <translation>点击接受建议或选择掩膜,按住 Shift 可多选</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <source>Close this note</source>
      <translation>关闭此提示</translation>
    </message>
    <message>
      <source>Colour</source>
      <translation>颜色</translation>
    </message>
    <message>
      <source>Colour {colour}</source>
      <translation>颜色 {colour}</translation>
    </message>
    <message>
      <source>Compare two versions</source>
      <translation>比较两个版本</translation>
    </message>
    <message>
      <source>Compare two versions...</source>
      <translation>比较两个版本...</translation>
    </message>
    <message>
      <source>Compare with the model</source>
      <translation>与模型比较</translation>
    </message>
    <message>
      <source>Compare...</source>
      <translation>比较...</translation>
    </message>
    <message>
      <source>Compared with the model</source>
      <translation>与模型的比较</translation>
    </message>
    <message>
      <source>Contrast</source>
      <translation>对比度</translation>
    </message>
    <message>
      <source>Copied: {name}</source>
      <translation>已复制:{name}</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>复制</translation>
    </message>
    <message>
      <source>Copy a mask first.</source>
      <translation>请先复制一个掩膜。</translation>
    </message>
    <message>
      <source>Copy mask</source>
      <translation>复制掩膜</translation>
    </message>
    <message>
      <source>Correct what is not right</source>
      <translation>修正不对的地方</translation>
    </message>
    <message>
      <source>Counting</source>
      <translation>正在计数</translation>
    </message>
    <message>
      <source>Crowd regions</source>
      <translation>群体区域</translation>
    </message>
    <message>
      <source>Ctrl erases</source>
      <translation>按住 Ctrl 擦除</translation>
    </message>
    <message>
      <source>Ctrl paints</source>
      <translation>按住 Ctrl 绘制</translation>
    </message>
    <message>
      <source>Dashed outlines are suggestions. Click one to make it a mask, or go through them with {walk}: {accept} accepts, {reject} rejects.</source>
      <translation>虚线轮廓是建议。点击即可变成掩膜,或用 {walk} 逐个浏览:{accept} 接受,{reject} 拒绝。</translation>
    </message>
    <message>
      <source>Delete</source>
      <translation>删除</translation>
    </message>
    <message>
      <source>Delete mask</source>
      <translation>删除掩膜</translation>
    </message>
    <message>
      <source>Deselect</source>
      <translation>取消选择</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>设备</translation>
    </message>
    <message>
      <source>Do not paint over other masks</source>
      <translation>不覆盖其他掩膜</translation>
    </message>
    <message>
      <source>Does not</source>
      <translation>不属于它</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>完成</translation>
    </message>
    <message>
      <source>Done again</source>
      <translation>已重做</translation>
    </message>
    <message>
      <source>Download</source>
      <translation>下载</translation>
    </message>
    <message>
      <source>Downloading {title}</source>
      <translation>正在下载 {title}</translation>
    </message>
    <message>
      <source>Drag a line across the selected mask</source>
      <translation>在所选掩膜上拖出一条横穿的线</translation>
    </message>
    <message>
      <source>Draw some small scenes and open them</source>
      <translation>绘制一些小场景并打开</translation>
    </message>
    <message>
      <source>Duplicate mask</source>
      <translation>复制一份掩膜</translation>
    </message>
    <message>
      <source>Earlier boxes to take out</source>
      <translation>要移除的先前矩形框</translation>
    </message>
    <message>
      <source>Edit</source>
      <translation>编辑</translation>
    </message>
    <message>
      <source>Empty the field</source>
      <translation>清空输入框</translation>
    </message>
    <message>
      <source>Equal images stay together</source>
      <translation>相同的图像放在一起</translation>
    </message>
    <message>
      <source>Eraser</source>
      <translation>橡皮擦</translation>
    </message>
    <message>
      <source>Every change is written at once</source>
      <translation>每次更改都会立即写入</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>导出</translation>
    </message>
    <message>
      <source>Export COCO</source>
      <translation>导出 COCO</translation>
    </message>
    <message>
      <source>Export COCO...</source>
      <translation>导出 COCO...</translation>
    </message>
    <message>
      <source>Export into a folder</source>
      <translation>导出到文件夹</translation>
    </message>
    <message>
      <source>Export was stopped; nothing was written.</source>
      <translation>导出已停止;没有写入任何内容。</translation>
    </message>
    <message>
      <source>Export words</source>
      <translation>导出词</translation>
    </message>
    <message>
      <source>Export words...</source>
      <translation>导出词...</translation>
    </message>
    <message>
      <source>Export...</source>
      <translation>导出...</translation>
    </message>
    <message>
      <source>Exported {annotations} masks on {images} images to {path}</source>
      <translation>已将 {images} 张图像上的 {annotations} 个掩膜导出到 {path}</translation>
    </message>
    <message>
      <source>Exported {count} to {path}</source>
      <translation>已将 {count} 导出到 {path}</translation>
    </message>
    <message>
      <source>Exported {masks} masks on {images} images to {path}</source>
      <translation>已将 {images} 张图像上的 {masks} 个掩膜导出到 {path}</translation>
    </message>
    <message>
      <source>F2 or right click: change. Drag, or Ctrl with an arrow: move</source>
      <translation>F2 或右键:更改。拖动,或 Ctrl 加方向键:移动</translation>
    </message>
    <message>
      <source>File</source>
      <translation>文件</translation>
    </message>
    <message>
      <source>File or folder</source>
      <translation>文件或文件夹</translation>
    </message>
    <message>
      <source>File...</source>
      <translation>文件...</translation>
    </message>
    <message>
      <source>Files ({kind})</source>
      <translation>文件 ({kind})</translation>
    </message>
    <message>
      <source>Fill holes</source>
      <translation>填充孔洞</translation>
    </message>
    <message>
      <source>Filled dot: the model was trained on it</source>
      <translation>实心点:模型训练过这个词</translation>
    </message>
    <message>
      <source>Find by name</source>
      <translation>按名称查找</translation>
    </message>
    <message>
      <source>Find image</source>
      <translation>查找图像</translation>
    </message>
    <message>
      <source>Find images by name</source>
      <translation>按名称查找图像</translation>
    </message>
    <message>
      <source>Find the thing in the box</source>
      <translation>找出矩形中的物体</translation>
    </message>
    <message>
      <source>First words</source>
      <translation>排在最前的词语</translation>
    </message>
    <message>
      <source>Fit image</source>
      <translation>适应图像</translation>
    </message>
    <message>
      <source>Fit width</source>
      <translation>适应宽度</translation>
    </message>
    <message>
      <source>Folder...</source>
      <translation>文件夹...</translation>
    </message>
    <message>
      <source>Folders stay together</source>
      <translation>文件夹放在一起</translation>
    </message>
    <message>
      <source>Format</source>
      <translation>格式</translation>
    </message>
    <message>
      <source>From</source>
      <translation>来源</translation>
    </message>
    <message>
      <source>Full: prompts too, long without a GPU</source>
      <translation>完整:包括提示向量,没有 GPU 时很慢</translation>
    </message>
    <message>
      <source>Gain</source>
      <translation>提升</translation>
    </message>
    <message>
      <source>Get a larger model</source>
      <translation>获取更大的模型</translation>
    </message>
    <message>
      <source>Get a model</source>
      <translation>获取模型</translation>
    </message>
    <message>
      <source>Get a model...</source>
      <translation>获取模型...</translation>
    </message>
    <message>
      <source>Give key</source>
      <translation>设置按键</translation>
    </message>
    <message>
      <source>Go on with the model from before</source>
      <translation>继续使用之前的模型</translation>
    </message>
    <message>
      <source>Graphics card (CUDA)</source>
      <translation>显卡 (CUDA)</translation>
    </message>
    <message>
      <source>Grow</source>
      <translation>扩大</translation>
    </message>
    <message>
      <source>Grown from no other version</source>
      <translation>不是由其他版本产生</translation>
    </message>
    <message>
      <source>Grown from {name}</source>
      <translation>由 {name} 产生</translation>
    </message>
    <message>
      <source>Help</source>
      <translation>帮助</translation>
    </message>
    <message>
      <source>Hidden on the image; its masks are all there</source>
      <translation>在图像上隐藏;它的掩膜都还在</translation>
    </message>
    <message>
      <source>Hide masks</source>
      <translation>隐藏掩膜</translation>
    </message>
    <message>
      <source>Hold and drag to move the image</source>
      <translation>按住并拖动以移动图像</translation>
    </message>
    <message>
      <source>Hold to see the image without masks</source>
      <translation>按住以查看不带掩膜的图像</translation>
    </message>
    <message>
      <source>Hole</source>
      <translation>孔洞</translation>
    </message>
    <message>
      <source>How many</source>
      <translation>数量</translation>
    </message>
    <message>
      <source>How marked pixels look: seconds</source>
      <translation>已标注像素的外观:几秒钟</translation>
    </message>
    <message>
      <source>How masks and image look</source>
      <translation>掩膜和图像的外观</translation>
    </message>
    <message>
      <source>How masks and image look; nothing of it is stored</source>
      <translation>掩膜和图像的外观;不会存储任何内容</translation>
    </message>
    <message>
      <source>How sure must the model be</source>
      <translation>模型需要多有把握</translation>
    </message>
    <message>
      <source>How sure the model must be. Moving it infers nothing again.</source>
      <translation>模型需要多有把握。移动时不会重新推理。</translation>
    </message>
    <message>
      <source>How to learn</source>
      <translation>学习方式</translation>
    </message>
    <message>
      <source>How to learn from the corrections, the cheapest way first</source>
      <translation>如何从修正中学习,最省的方式在前</translation>
    </message>
    <message>
      <source>How training goes</source>
      <translation>训练情况</translation>
    </message>
    <message>
      <source>Image</source>
      <translation>图像</translation>
    </message>
    <message>
      <source>Image pixel under the pointer</source>
      <translation>指针下的图像像素</translation>
    </message>
    <message>
      <source>Image {number}: {right}</source>
      <translation>图像 {number}:{right}</translation>
    </message>
    <message>
      <source>Images</source>
      <translation>图像</translation>
    </message>
    <message>
      <source>Images are found by their names; boxes become suggestions.</source>
      <translation>图像按名称查找;矩形框会成为建议。</translation>
    </message>
    <message>
      <source>Images found by their names</source>
      <translation>按名称找到的图像</translation>
    </message>
    <message>
      <source>Images of which word</source>
      <translation>含有哪个词的图像</translation>
    </message>
    <message>
      <source>Images that need a look</source>
      <translation>需要查看的图像</translation>
    </message>
    <message>
      <source>Images: {complete} complete, {partial} partly marked; {held_out} more only measure.</source>
      <translation>图像:{complete} 张完整,{partial} 张部分标记;另有 {held_out} 张仅用于衡量。</translation>
    </message>
    <message>
      <source>Import</source>
      <translation>导入</translation>
    </message>
    <message>
      <source>Import a Cascade-CLIP checkpoint</source>
      <translation>导入 Cascade-CLIP 检查点</translation>
    </message>
    <message>
      <source>Import a file</source>
      <translation>导入文件</translation>
    </message>
    <message>
      <source>Import a folder</source>
      <translation>导入文件夹</translation>
    </message>
    <message>
      <source>Import checkpoint...</source>
      <translation>导入检查点...</translation>
    </message>
    <message>
      <source>Import was stopped; nothing was changed.</source>
      <translation>导入已停止;没有更改任何内容。</translation>
    </message>
    <message>
      <source>Import words</source>
      <translation>导入词</translation>
    </message>
    <message>
      <source>Import words...</source>
      <translation>导入词...</translation>
    </message>
    <message>
      <source>Import...</source>
      <translation>导入...</translation>
    </message>
    <message>
      <source>Imported {masks} masks and {boxes} boxes on {images} images</source>
      <translation>已在 {images} 张图像上导入 {masks} 个掩膜和 {boxes} 个矩形框</translation>
    </message>
    <message>
      <source>Imports</source>
      <translation>导入记录</translation>
    </message>
    <message>
      <source>In use</source>
      <translation>使用中</translation>
    </message>
    <message>
      <source>It goes {share} % of the way to what was trained.</source>
      <translation>它走了通向训练结果的 {share} % 的路程。</translation>
    </message>
    <message>
      <source>It was stopped; nothing was taken back.</source>
      <translation>已停止;未撤回任何内容。</translation>
    </message>
    <message>
      <source>Its masks stay in the project</source>
      <translation>它的掩膜留在项目中</translation>
    </message>
    <message>
      <source>Its own</source>
      <translation>单独设置</translation>
    </message>
    <message>
      <source>Job in the background</source>
      <translation>后台任务</translation>
    </message>
    <message>
      <source>Job progress</source>
      <translation>任务进度</translation>
    </message>
    <message>
      <source>Keep</source>
      <translation>保留</translation>
    </message>
    <message>
      <source>Keep the old one</source>
      <translation>保留旧的</translation>
    </message>
    <message>
      <source>Keep zoom from image to image</source>
      <translation>切换图像时保持缩放</translation>
    </message>
    <message>
      <source>Kept for each image, also after a restart.</source>
      <translation>每张图像都会保留,重启后也在。</translation>
    </message>
    <message>
      <source>Key {key}</source>
      <translation>按键 {key}</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>按键</translation>
    </message>
    <message>
      <source>Keys to begin with</source>
      <translation>起始按键方案</translation>
    </message>
    <message>
      <source>Knife</source>
      <translation>切割刀</translation>
    </message>
    <message>
      <source>Known for {known} of {unreviewed} unreviewed images; the others follow by name.</source>
      <translation>{unreviewed} 张未审阅图像中已知 {known} 张;其余按名称排列。</translation>
    </message>
    <message>
      <source>Label images (PNG)</source>
      <translation>标签图像 (PNG)</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>语言</translation>
    </message>
    <message>
      <source>Larger brush, more tolerance</source>
      <translation>加大画笔,提高容差</translation>
    </message>
    <message>
      <source>Last decode</source>
      <translation>最近解码</translation>
    </message>
    <message>
      <source>Last encode</source>
      <translation>最近编码</translation>
    </message>
    <message>
      <source>Last encoding of an image and decoding of words</source>
      <translation>最近一次图像编码和词解码</translation>
    </message>
    <message>
      <source>Layers that are compared</source>
      <translation>参与比较的层</translation>
    </message>
    <message>
      <source>Layers {number}</source>
      <translation>第 {number} 层</translation>
    </message>
    <message>
      <source>Learnt from</source>
      <translation>用于学习</translation>
    </message>
    <message>
      <source>Least area</source>
      <translation>最小面积</translation>
    </message>
    <message>
      <source>Least score</source>
      <translation>最低得分</translation>
    </message>
    <message>
      <source>Leave images with masks alone</source>
      <translation>不动已有掩膜的图像</translation>
    </message>
    <message>
      <source>Leave them out</source>
      <translation>略去</translation>
    </message>
    <message>
      <source>Leave them where they are</source>
      <translation>留在原处</translation>
    </message>
    <message>
      <source>Left</source>
      <translation>左</translation>
    </message>
    <message>
      <source>Left out: {what}</source>
      <translation>已略去:{what}</translation>
    </message>
    <message>
      <source>Let the chosen version speak from now on</source>
      <translation>今后让所选版本工作</translation>
    </message>
    <message>
      <source>Let the model learn from you</source>
      <translation>让模型向您学习</translation>
    </message>
    <message>
      <source>Licence</source>
      <translation>许可证</translation>
    </message>
    <message>
      <source>Link</source>
      <translation>链接</translation>
    </message>
    <message>
      <source>Look</source>
      <translation>外观</translation>
    </message>
    <message>
      <source>Look for missing images in a folder</source>
      <translation>在文件夹中查找缺失的图像</translation>
    </message>
    <message>
      <source>Look in a folder...</source>
      <translation>在文件夹中查找...</translation>
    </message>
    <message>
      <source>Looking at what there is.</source>
      <translation>正在查看有哪些可用。</translation>
    </message>
    <message>
      <source>Loss</source>
      <translation>损失</translation>
    </message>
    <message>
      <source>Loss over steps</source>
      <translation>各步的损失</translation>
    </message>
    <message>
      <source>Loss {last} after step {step} of {length}, {first} at first.</source>
      <translation>第 {step} 步(共 {length} 步)后损失为 {last},最初为 {first}。</translation>
    </message>
    <message>
      <source>Low agreement</source>
      <translation>一致性低</translation>
    </message>
    <message>
      <source>Low agreement: the model's suggestions cover less than .70 of the masks</source>
      <translation>一致性低:模型的建议覆盖的掩膜不到 .70</translation>
    </message>
    <message>
      <source>M</source>
      <translation>M</translation>
    </message>
    <message>
      <source>Make every suggestion on the screen a mask</source>
      <translation>把屏幕上的每个建议变成掩膜</translation>
    </message>
    <message>
      <source>Mark as reviewed</source>
      <translation>标记为已审阅</translation>
    </message>
    <message>
      <source>Marked as reviewed</source>
      <translation>已标记为已审阅</translation>
    </message>
    <message>
      <source>Mask number {number} is no longer there; load it again.</source>
      <translation>第 {number} 号掩膜已不存在;请重新加载。</translation>
    </message>
    <message>
      <source>Masks</source>
      <translation>掩膜</translation>
    </message>
    <message>
      <source>Masks added</source>
      <translation>新增掩膜</translation>
    </message>
    <message>
      <source>Masks and boxes that were changed since the import are kept.</source>
      <translation>导入之后更改过的掩膜和矩形框会保留。</translation>
    </message>
    <message>
      <source>Masks taken out</source>
      <translation>移除的掩膜</translation>
    </message>
    <message>
      <source>Masks there already or left alone</source>
      <translation>已有或保持不动的掩膜</translation>
    </message>
    <message>
      <source>Masks to add</source>
      <translation>要添加的掩膜</translation>
    </message>
    <message>
      <source>Masks to take out</source>
      <translation>要移除的掩膜</translation>
    </message>
    <message>
      <source>Masks: {count} ({named}).</source>
      <translation>掩膜:{count}({named})。</translation>
    </message>
    <message>
      <source>Masks: {masks}, suggestions: {suggestions}</source>
      <translation>掩膜:{masks},建议:{suggestions}</translation>
    </message>
    <message>
      <source>Measured before and after on the same images, which training never saw</source>
      <translation>训练前后在同一批从未参与训练的图像上测量</translation>
    </message>
    <message>
      <source>Memory</source>
      <translation>内存</translation>
    </message>
    <message>
      <source>Memory ran out: windows now go {count} at a time.</source>
      <translation>内存不足:现在每次处理 {count} 个窗口。</translation>
    </message>
    <message>
      <source>Merge with the chosen</source>
      <translation>与所选掩膜合并</translation>
    </message>
    <message>
      <source>Middle click: hide or show on the image</source>
      <translation>中键点击:在图像上隐藏或显示</translation>
    </message>
    <message>
      <source>Missing: {path}</source>
      <translation>缺失:{path}</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>Model and masks agree to {share} %</source>
      <translation>模型与掩膜一致 {share} %</translation>
    </message>
    <message>
      <source>Model and version</source>
      <translation>模型和版本</translation>
    </message>
    <message>
      <source>Model and versions</source>
      <translation>模型与版本</translation>
    </message>
    <message>
      <source>Model versions</source>
      <translation>模型版本</translation>
    </message>
    <message>
      <source>More names without an image</source>
      <translation>更多没有图像的名称</translation>
    </message>
    <message>
      <source>Moved: {old} is now {new}</source>
      <translation>已移动:{old} 现在是 {new}</translation>
    </message>
    <message>
      <source>My own sentences</source>
      <translation>我自己的句子</translation>
    </message>
    <message>
      <source>Name without an image</source>
      <translation>没有图像的名称</translation>
    </message>
    <message>
      <source>Navigator</source>
      <translation>导航器</translation>
    </message>
    <message>
      <source>Negative: takes pixels away from other words, never suggested</source>
      <translation>负词:从其他词夺走像素,从不作为建议</translation>
    </message>
    <message>
      <source>New key of the chosen action</source>
      <translation>所选操作的新按键</translation>
    </message>
    <message>
      <source>New words</source>
      <translation>新词</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>下一步</translation>
    </message>
    <message>
      <source>Next image</source>
      <translation>下一张图像</translation>
    </message>
    <message>
      <source>Next suggestion</source>
      <translation>下一个建议</translation>
    </message>
    <message>
      <source>Next unreviewed image</source>
      <translation>下一张未审阅的图像</translation>
    </message>
    <message>
      <source>No graphics card answers through CUDA here; choose the device auto or cpu.</source>
      <translation>这里没有可用的 CUDA 显卡;请选择设备 auto 或 cpu。</translation>
    </message>
    <message>
      <source>No image has masks yet: accept a suggestion, or draw with the brush.</source>
      <translation>还没有图像有掩膜:请接受一个建议,或用画笔绘制。</translation>
    </message>
    <message>
      <source>No image has suggestions: type a word, or Model &gt; Pre-label all images.</source>
      <translation>没有图像有建议:请输入一个词,或使用 模型 &gt; 预标注所有图像。</translation>
    </message>
    <message>
      <source>No image is known to differ from the model. It compares when an image with masks is opened or pre-labelled.</source>
      <translation>还不知道哪张图像与模型不一致。打开或预标注有掩膜的图像时会进行比较。</translation>
    </message>
    <message>
      <source>No image is reviewed yet: K marks the open one when you have finished.</source>
      <translation>还没有已审阅的图像:完成后按 K 标记当前图像。</translation>
    </message>
    <message>
      <source>No image of the {total} fits: clear the search, or show all images.</source>
      <translation>{total} 张图像中没有符合的:请清空查找,或显示所有图像。</translation>
    </message>
    <message>
      <source>No images were found in {folder}.</source>
      <translation>在 {folder} 中没有找到图像。</translation>
    </message>
    <message>
      <source>No images yet. Open a folder, or add one with File &gt; Add images.</source>
      <translation>还没有图像。请打开一个文件夹,或用 文件 &gt; 添加图像 添加。</translation>
    </message>
    <message>
      <source>No key</source>
      <translation>无按键</translation>
    </message>
    <message>
      <source>No longer marked as reviewed</source>
      <translation>不再标记为已审阅</translation>
    </message>
    <message>
      <source>No longer reviewed</source>
      <translation>取消已审阅</translation>
    </message>
    <message>
      <source>No model</source>
      <translation>没有模型</translation>
    </message>
    <message>
      <source>No model has looked at the images yet: Model &gt; Pre-label all images does.</source>
      <translation>还没有模型看过这些图像:可用 模型 &gt; 预标注所有图像。</translation>
    </message>
    <message>
      <source>No model speaks yet: wait until it is loaded.</source>
      <translation>还没有模型可用:请等待加载完成。</translation>
    </message>
    <message>
      <source>No new words in {name}</source>
      <translation>{name} 中没有新词</translation>
    </message>
    <message>
      <source>No other image of this list is unreviewed.</source>
      <translation>此列表中没有其他未审阅的图像。</translation>
    </message>
    <message>
      <source>No outline that differs much.</source>
      <translation>没有差别很大的轮廓。</translation>
    </message>
    <message>
      <source>No trained model is active, so there is none to go back from.</source>
      <translation>没有启用的训练模型,因此无从回退。</translation>
    </message>
    <message>
      <source>None of your masks.</source>
      <translation>没有漏掉您的掩膜。</translation>
    </message>
    <message>
      <source>Not better enough: {whyTold}.</source>
      <translation>提升不够:{whyTold}。</translation>
    </message>
    <message>
      <source>Note</source>
      <translation>说明</translation>
    </message>
    <message>
      <source>Nothing above the threshold</source>
      <translation>没有高于阈值的</translation>
    </message>
    <message>
      <source>Nothing above {wanted}: lower the threshold (best is {best}).</source>
      <translation>没有高于 {wanted} 的:请降低阈值(最高为 {best})。</translation>
    </message>
    <message>
      <source>Nothing can be written in {folder}; make it writable or copy the project elsewhere.</source>
      <translation>无法写入 {folder};请使其可写,或把项目复制到别处。</translation>
    </message>
    <message>
      <source>Nothing in the images to learn from is marked or rejected; correct some more images.</source>
      <translation>用于学习的图像中没有标记或拒绝;请再修正一些图像。</translation>
    </message>
    <message>
      <source>Nothing left to decide on this image.</source>
      <translation>这张图像上没有待决定的了。</translation>
    </message>
    <message>
      <source>Nothing of this would change the project.</source>
      <translation>这些都不会改变项目。</translation>
    </message>
    <message>
      <source>Nothing to erase here: begin on a mask, or select one first.</source>
      <translation>这里没有可擦除的:请从掩膜上开始,或先选择一个。</translation>
    </message>
    <message>
      <source>Nothing to take away from: click what belongs to it first.</source>
      <translation>没有可减去的:请先点击属于它的部分。</translation>
    </message>
    <message>
      <source>Nothing you have not marked.</source>
      <translation>没有您未标记的部分。</translation>
    </message>
    <message>
      <source>Number key</source>
      <translation>数字键</translation>
    </message>
    <message>
      <source>Of {count} images only the first page is used; the first: {value}</source>
      <translation>有 {count} 张图像只使用第一页;第一张:{value}</translation>
    </message>
    <message>
      <source>On images that are not learnt from {last}, {first} at first.</source>
      <translation>在不用于学习的图像上为 {last},最初为 {first}。</translation>
    </message>
    <message>
      <source>On the image</source>
      <translation>在图像上</translation>
    </message>
    <message>
      <source>On to the next image</source>
      <translation>继续下一张图像</translation>
    </message>
    <message>
      <source>One sentence per line, each with {} where the word goes</source>
      <translation>每行一个句子,用 {} 表示词的位置</translation>
    </message>
    <message>
      <source>One sentence: {sentence}</source>
      <translation>一个句子:{sentence}</translation>
    </message>
    <message>
      <source>Only reviewed images</source>
      <translation>仅已审阅的图像</translation>
    </message>
    <message>
      <source>Opacity, brightness, contrast</source>
      <translation>不透明度、亮度、对比度</translation>
    </message>
    <message>
      <source>Open a folder</source>
      <translation>打开文件夹</translation>
    </message>
    <message>
      <source>Open a folder of images</source>
      <translation>打开图像文件夹</translation>
    </message>
    <message>
      <source>Open a folder of images, type what you want to find, and click the masks you agree with. Everything stays on this computer.</source>
      <translation>打开一个图像文件夹,输入您想找的东西,点击您同意的掩膜。一切都留在这台电脑上。</translation>
    </message>
    <message>
      <source>Open a project</source>
      <translation>打开项目</translation>
    </message>
    <message>
      <source>Open a project folder</source>
      <translation>打开项目文件夹</translation>
    </message>
    <message>
      <source>Open a project to see its model.</source>
      <translation>打开一个项目以查看其模型。</translation>
    </message>
    <message>
      <source>Open an image and type a word to compare versions on it.</source>
      <translation>打开一张图像并输入一个词,以便在其上比较版本。</translation>
    </message>
    <message>
      <source>Open an image to see suggestions.</source>
      <translation>打开一张图像以查看建议。</translation>
    </message>
    <message>
      <source>Open an image to see what the model makes of it.</source>
      <translation>打开一张图像,看看模型如何理解它。</translation>
    </message>
    <message>
      <source>Open folder</source>
      <translation>打开文件夹</translation>
    </message>
    <message>
      <source>Open folder...</source>
      <translation>打开文件夹...</translation>
    </message>
    <message>
      <source>Open project</source>
      <translation>打开项目</translation>
    </message>
    <message>
      <source>Open project...</source>
      <translation>打开项目...</translation>
    </message>
    <message>
      <source>Open the demo</source>
      <translation>打开演示</translation>
    </message>
    <message>
      <source>Open {name}</source>
      <translation>打开 {name}</translation>
    </message>
    <message>
      <source>Order of the images</source>
      <translation>图像的顺序</translation>
    </message>
    <message>
      <source>Other images</source>
      <translation>其他图像</translation>
    </message>
    <message>
      <source>Other masks have all of this already; let masks overlap, or erase.</source>
      <translation>其他掩膜已占据这些像素;请允许重叠,或擦除。</translation>
    </message>
    <message>
      <source>Other...</source>
      <translation>其他...</translation>
    </message>
    <message>
      <source>Outlined otherwise {count}</source>
      <translation>轮廓不同 {count}</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation>轮廓</translation>
    </message>
    <message>
      <source>Outlines follow edges and colours</source>
      <translation>轮廓跟随边缘和颜色</translation>
    </message>
    <message>
      <source>Outlines of masks</source>
      <translation>掩膜轮廓</translation>
    </message>
    <message>
      <source>Outlines within 2 pixels: {before} before, {after} after.</source>
      <translation>2 像素以内的轮廓:之前 {before},之后 {after}。</translation>
    </message>
    <message>
      <source>Paint with the brush ({brush}) and take away with the eraser ({eraser}). Every stroke is saved at once and can be undone.</source>
      <translation>用画笔 ({brush}) 绘制,用橡皮擦 ({eraser}) 去除。每一笔都会立即保存,也可以撤销。</translation>
    </message>
    <message>
      <source>Paste mask</source>
      <translation>粘贴掩膜</translation>
    </message>
    <message>
      <source>Point that belongs to it</source>
      <translation>属于它的点</translation>
    </message>
    <message>
      <source>Point that does not</source>
      <translation>不属于它的点</translation>
    </message>
    <message>
      <source>Polygon</source>
      <translation>多边形</translation>
    </message>
    <message>
      <source>Position of the open image</source>
      <translation>当前图像的位置</translation>
    </message>
    <message>
      <source>Pre-label all images</source>
      <translation>预标注所有图像</translation>
    </message>
    <message>
      <source>Pre-labelling was stopped; what was found is kept.</source>
      <translation>预标注已停止;已找到的会保留。</translation>
    </message>
    <message>
      <source>Previous image</source>
      <translation>上一张图像</translation>
    </message>
    <message>
      <source>Previous suggestion</source>
      <translation>上一个建议</translation>
    </message>
    <message>
      <source>Previous unreviewed image</source>
      <translation>上一张未审阅的图像</translation>
    </message>
    <message>
      <source>Processor</source>
      <translation>处理器</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>进度</translation>
    </message>
    <message>
      <source>Project settings</source>
      <translation>项目设置</translation>
    </message>
    <message>
      <source>Project settings...</source>
      <translation>项目设置...</translation>
    </message>
    <message>
      <source>Prototypes of the marked regions change nothing for the better on the corrected images. Correct more images, or try another recipe.</source>
      <translation>标记区域的原型在已修正的图像上没有任何改进。请再修正一些图像,或换一种学习方式。</translation>
    </message>
    <message>
      <source>Question mark: the model in use has never read this word; what it finds is chance</source>
      <translation>问号:所用模型从未读过这个词;找到的只是偶然</translation>
    </message>
    <message>
      <source>Quick, and guess unreviewed images</source>
      <translation>快速,并推测未审阅的图像</translation>
    </message>
    <message>
      <source>Quick: a minute</source>
      <translation>快速:一分钟</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>退出</translation>
    </message>
    <message>
      <source>Reading the images of the project.</source>
      <translation>正在读取项目的图像。</translation>
    </message>
    <message>
      <source>Reading {title}</source>
      <translation>正在读取 {title}</translation>
    </message>
    <message>
      <source>Recent projects</source>
      <translation>最近的项目</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>重做</translation>
    </message>
    <message>
      <source>Reduce motion</source>
      <translation>减少动画</translation>
    </message>
    <message>
      <source>Reject</source>
      <translation>拒绝</translation>
    </message>
    <message>
      <source>Reject suggestion</source>
      <translation>拒绝建议</translation>
    </message>
    <message>
      <source>Rejected suggestions: {count}.</source>
      <translation>已拒绝的建议:{count}。</translation>
    </message>
    <message>
      <source>Remember what is marked: seconds</source>
      <translation>记住已标注的区域:几秒钟</translation>
    </message>
    <message>
      <source>Remove the word</source>
      <translation>移除该词</translation>
    </message>
    <message>
      <source>Replace the masks of the file's images</source>
      <translation>替换文件中各图像的掩膜</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>重置</translation>
    </message>
    <message>
      <source>Retrain</source>
      <translation>重新训练</translation>
    </message>
    <message>
      <source>Retrain...</source>
      <translation>重新训练...</translation>
    </message>
    <message>
      <source>Retraining learns from your accepted and drawn masks of reviewed images. Mark images as reviewed with K, then choose Model &gt; Retrain.</source>
      <translation>重新训练会从已审阅图像中您接受和绘制的掩膜学习。用 K 将图像标记为已审阅,然后选择 模型 &gt; 重新训练。</translation>
    </message>
    <message>
      <source>Reviewed</source>
      <translation>已审阅</translation>
    </message>
    <message>
      <source>Reviewed images are left alone.</source>
      <translation>已检查的图像保持不变。</translation>
    </message>
    <message>
      <source>Right</source>
      <translation>右</translation>
    </message>
    <message>
      <source>Ring: zero-shot, never trained on it</source>
      <translation>圆环:零样本,从未训练过</translation>
    </message>
    <message>
      <source>Roll back</source>
      <translation>回退</translation>
    </message>
    <message>
      <source>Runs by</source>
      <translation>运行方式</translation>
    </message>
    <message>
      <source>SHA-256</source>
      <translation>SHA-256</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>保存</translation>
    </message>
    <message>
      <source>Say what to look for</source>
      <translation>说出要找的东西</translation>
    </message>
    <message>
      <source>Say where each mask comes from</source>
      <translation>注明每个掩膜的来源</translation>
    </message>
    <message>
      <source>See first what will change.</source>
      <translation>请先查看会有哪些更改。</translation>
    </message>
    <message>
      <source>See what will change</source>
      <translation>查看会有哪些更改</translation>
    </message>
    <message>
      <source>Segment images by words</source>
      <translation>按词分割图像</translation>
    </message>
    <message>
      <source>Select</source>
      <translation>选择</translation>
    </message>
    <message>
      <source>Select a mask first.</source>
      <translation>请先选择一个掩膜。</translation>
    </message>
    <message>
      <source>Select a mask, then others with Shift held.</source>
      <translation>选择一个掩膜,再按住 Shift 选择其他的。</translation>
    </message>
    <message>
      <source>Sentences</source>
      <translation>句子</translation>
    </message>
    <message>
      <source>Sentences that words are put into</source>
      <translation>放入词的句子</translation>
    </message>
    <message>
      <source>Shade unreviewed area</source>
      <translation>给未审阅区域加阴影</translation>
    </message>
    <message>
      <source>Shift+Click</source>
      <translation>Shift+点击</translation>
    </message>
    <message>
      <source>Shift+wheel</source>
      <translation>Shift+滚轮</translation>
    </message>
    <message>
      <source>Show hidden words</source>
      <translation>显示隐藏的词</translation>
    </message>
    <message>
      <source>Show likeness</source>
      <translation>显示相似度</translation>
    </message>
    <message>
      <source>Show what runs in the background</source>
      <translation>显示后台任务</translation>
    </message>
    <message>
      <source>Show where the model is unsure</source>
      <translation>显示模型不确定的地方</translation>
    </message>
    <message>
      <source>Shown on the image</source>
      <translation>在图像上显示</translation>
    </message>
    <message>
      <source>Shrink</source>
      <translation>缩小</translation>
    </message>
    <message>
      <source>Signs every mask made from now on.</source>
      <translation>今后制作的每个掩膜都会署此名。</translation>
    </message>
    <message>
      <source>Similarity wand</source>
      <translation>相似度魔棒</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>大小</translation>
    </message>
    <message>
      <source>Size of the brush</source>
      <translation>画笔大小</translation>
    </message>
    <message>
      <source>Size of the brush ({smaller} and {larger})</source>
      <translation>画笔大小({smaller} 和 {larger})</translation>
    </message>
    <message>
      <source>Skip</source>
      <translation>跳过</translation>
    </message>
    <message>
      <source>Smaller brush, less tolerance</source>
      <translation>减小画笔,降低容差</translation>
    </message>
    <message>
      <source>Space</source>
      <translation>空格</translation>
    </message>
    <message>
      <source>Spare other masks</source>
      <translation>不动其他掩膜</translation>
    </message>
    <message>
      <source>Spellings</source>
      <translation>写法</translation>
    </message>
    <message>
      <source>Split</source>
      <translation>拆分</translation>
    </message>
    <message>
      <source>Split into its parts</source>
      <translation>拆分为各部分</translation>
    </message>
    <message>
      <source>Split into {count} masks</source>
      <translation>已拆分为 {count} 个掩膜</translation>
    </message>
    <message>
      <source>Stage {number}</source>
      <translation>第 {number} 级</translation>
    </message>
    <message>
      <source>Step</source>
      <translation>步</translation>
    </message>
    <message>
      <source>Step {step} of {total}</source>
      <translation>第 {step} 步,共 {total} 步</translation>
    </message>
    <message>
      <source>Steps to undo</source>
      <translation>可撤销的步数</translation>
    </message>
    <message>
      <source>Stop here</source>
      <translation>到此为止</translation>
    </message>
    <message>
      <source>Stop training; the model in use stays</source>
      <translation>停止训练;所用模型不变</translation>
    </message>
    <message>
      <source>Stopped. What arrived is kept, and Download goes on from there.</source>
      <translation>已停止。已到达的部分会保留,再次下载会从那里继续。</translation>
    </message>
    <message>
      <source>Stopping</source>
      <translation>正在停止</translation>
    </message>
    <message>
      <source>Subtract the chosen</source>
      <translation>减去所选掩膜</translation>
    </message>
    <message>
      <source>Suggest again</source>
      <translation>重新建议</translation>
    </message>
    <message>
      <source>Suggestion number {number} was replaced by newer ones; load them again.</source>
      <translation>第 {number} 号建议已被更新的取代;请重新加载。</translation>
    </message>
    <message>
      <source>Suggestions</source>
      <translation>建议</translation>
    </message>
    <message>
      <source>Sum</source>
      <translation>总和</translation>
    </message>
    <message>
      <source>Take back</source>
      <translation>撤回</translation>
    </message>
    <message>
      <source>Take each as one mask</source>
      <translation>每个作为一个掩膜</translation>
    </message>
    <message>
      <source>Take it back</source>
      <translation>撤回</translation>
    </message>
    <message>
      <source>Take the changed files</source>
      <translation>采用已更改的文件</translation>
    </message>
    <message>
      <source>Taken back on all images</source>
      <translation>已在所有图像上撤回</translation>
    </message>
    <message>
      <source>Templates</source>
      <translation>句子模板</translation>
    </message>
    <message>
      <source>Templates...</source>
      <translation>句子模板...</translation>
    </message>
    <message>
      <source>Templates: 1 sentence</source>
      <translation>句子模板:1 个句子</translation>
    </message>
    <message>
      <source>Templates: 1 sentence of your own</source>
      <translation>句子模板:您自己的 1 个句子</translation>
    </message>
    <message>
      <source>Templates: the model's own</source>
      <translation>句子模板:模型自带</translation>
    </message>
    <message>
      <source>Templates: {count} sentences</source>
      <translation>句子模板:{count} 个句子</translation>
    </message>
    <message>
      <source>Templates: {count} sentences of your own</source>
      <translation>句子模板:您自己的 {count} 个句子</translation>
    </message>
    <message>
      <source>The bundled mini model is missing; install the program again or choose a model.</source>
      <translation>缺少自带的小模型;请重新安装程序或选择模型。</translation>
    </message>
    <message>
      <source>The bundled mini model knows about 200 drawn things and ten kinds of drawn ground; it cannot read photographs. Get CLIP weights or import a checkpoint for those.</source>
      <translation>自带的小模型认识约 200 种画出的事物和十种画出的地面;它读不了照片。照片需要获取 CLIP 权重或导入检查点。</translation>
    </message>
    <message>
      <source>The bundled model knows only drawn scenes, not photographs. It is there to try the work; photographs need a larger model.</source>
      <translation>内置模型只认识绘制的场景,不认识照片。它用于试用;照片需要更大的模型。</translation>
    </message>
    <message>
      <source>The cheaper ways were tried on these images; this takes longer.</source>
      <translation>较省的方式已在这些图像上试过;这种方式需要更久。</translation>
    </message>
    <message>
      <source>The check was stopped; nothing was changed.</source>
      <translation>检查已停止;没有更改任何内容。</translation>
    </message>
    <message>
      <source>The copied mask lies outside this image.</source>
      <translation>复制的掩膜在此图像之外。</translation>
    </message>
    <message>
      <source>The copy was stopped; nothing was written.</source>
      <translation>复制已停止;没有写入任何内容。</translation>
    </message>
    <message>
      <source>The database is whole: {masks} masks.</source>
      <translation>数据库完好:{masks} 个掩膜。</translation>
    </message>
    <message>
      <source>The disk refused to work with {name}: {why}.</source>
      <translation>磁盘无法处理 {name}:{why}。</translation>
    </message>
    <message>
      <source>The disk refused to work: {why}.</source>
      <translation>磁盘无法工作:{why}。</translation>
    </message>
    <message>
      <source>The folder of the active model version {name} is missing; put it back or roll back to an earlier version.</source>
      <translation>正在使用的模型版本 {name} 的文件夹缺失;请放回,或回退到更早的版本。</translation>
    </message>
    <message>
      <source>The graphics card ran out of memory: the processor goes on.</source>
      <translation>显卡内存不足:改用处理器继续。</translation>
    </message>
    <message>
      <source>The images to learn from hold no mask; correct and review some more images.</source>
      <translation>用于学习的图像没有掩膜;请再修正并检查一些图像。</translation>
    </message>
    <message>
      <source>The language changes with the next start.</source>
      <translation>语言将在下次启动时更改。</translation>
    </message>
    <message>
      <source>The last point came too late and was not kept.</source>
      <translation>最后一个点来得太晚,没有保留。</translation>
    </message>
    <message>
      <source>The line must cross the mask from edge to edge.</source>
      <translation>线条必须从一边到另一边穿过掩膜。</translation>
    </message>
    <message>
      <source>The mask hangs together; cut it with the knife.</source>
      <translation>掩膜是连在一起的;请用切割刀切开。</translation>
    </message>
    <message>
      <source>The mask is empty; mark at least one pixel, or delete the mask.</source>
      <translation>掩膜是空的;请至少标记一个像素,或删除掩膜。</translation>
    </message>
    <message>
      <source>The model adds {count}</source>
      <translation>模型多出 {count}</translation>
    </message>
    <message>
      <source>The model from before is in use again; the new one is kept.</source>
      <translation>之前的模型重新使用;新的会保留。</translation>
    </message>
    <message>
      <source>The model has not looked at this image yet.</source>
      <translation>模型还没有看过这张图像。</translation>
    </message>
    <message>
      <source>The model in use has not changed; the new one is kept.</source>
      <translation>所用模型没有变化;新的会保留。</translation>
    </message>
    <message>
      <source>The model is being loaded.</source>
      <translation>正在加载模型。</translation>
    </message>
    <message>
      <source>The model is looking at this image.</source>
      <translation>模型正在看这张图像。</translation>
    </message>
    <message>
      <source>The model misses {count}</source>
      <translation>模型漏掉 {count}</translation>
    </message>
    <message>
      <source>The model reads each word inside these sentences and takes their mean. Changing them costs no new look at the images.</source>
      <translation>模型在这些句子中读取每个词并取平均。更改它们不需要重新看图像。</translation>
    </message>
    <message>
      <source>The model that comes with the program</source>
      <translation>程序自带的模型</translation>
    </message>
    <message>
      <source>The model's own</source>
      <translation>模型自带</translation>
    </message>
    <message>
      <source>The new version could not be written ({why}); check the space and the permissions of the project folder.</source>
      <translation>无法写入新版本({why});请检查项目文件夹的空间和权限。</translation>
    </message>
    <message>
      <source>The new version is in use</source>
      <translation>正在使用新版本</translation>
    </message>
    <message>
      <source>The old model stays in use</source>
      <translation>继续使用旧模型</translation>
    </message>
    <message>
      <source>The process that looks at the images ended unexpectedly ({why}); what it had found is kept: pre-label again, and it goes on from there.</source>
      <translation>查看图像的进程意外结束({why});已找到的内容已保留:再次预标注即可从那里继续。</translation>
    </message>
    <message>
      <source>The program made a mistake of its own; your masks up to now are saved. Details: {name}: {error}</source>
      <translation>程序自身出错;您到目前为止的掩膜都已保存。详情:{name}:{error}</translation>
    </message>
    <message>
      <source>The project has no words to look for; add some to its vocabulary first.</source>
      <translation>项目没有要找的词;请先添加一些。</translation>
    </message>
    <message>
      <source>The settings are kept.</source>
      <translation>设置已保存。</translation>
    </message>
    <message>
      <source>The threshold shows more or fewer suggestions at once. {accept} takes all that you see, and one Undo gives them all back.</source>
      <translation>阈值会立即显示更多或更少的建议。{accept} 接受您看到的全部,撤销一次即可全部恢复。</translation>
    </message>
    <message>
      <source>The two say the same on {value} % of the pixels.</source>
      <translation>两者在 {value} % 的像素上一致。</translation>
    </message>
    <message>
      <source>The two versions look at the image.</source>
      <translation>两个版本正在看这张图像。</translation>
    </message>
    <message>
      <source>The vocabulary is empty; type at least one word, such as "cat".</source>
      <translation>词表是空的;请至少输入一个词,例如“猫”。</translation>
    </message>
    <message>
      <source>The vocabulary is empty; type at least one word.</source>
      <translation>词表是空的;请至少输入一个词。</translation>
    </message>
    <message>
      <source>The weights are on this machine: open a project to use them.</source>
      <translation>权重已在本机:请打开一个项目来使用。</translation>
    </message>
    <message>
      <source>The whole image; drag to move the view</source>
      <translation>整张图像;拖动以移动视图</translation>
    </message>
    <message>
      <source>The word "{name}" is already in the vocabulary.</source>
      <translation>词“{name}”已在词表中。</translation>
    </message>
    <message>
      <source>The {count} sentences usual for this method</source>
      <translation>此方法常用的 {count} 个句子</translation>
    </message>
    <message>
      <source>There are no images in {folder}: choose a folder that holds some.</source>
      <translation>{folder} 中没有图像:请选择有图像的文件夹。</translation>
    </message>
    <message>
      <source>There are no words to export yet.</source>
      <translation>还没有可导出的词。</translation>
    </message>
    <message>
      <source>There is already a word "{name}" in this project.</source>
      <translation>此项目中已有词“{name}”。</translation>
    </message>
    <message>
      <source>There is no folder {folder}; choose one that holds images.</source>
      <translation>没有文件夹 {folder};请选择一个有图像的文件夹。</translation>
    </message>
    <message>
      <source>There is no import to take back.</source>
      <translation>没有可撤销的导入。</translation>
    </message>
    <message>
      <source>There is no mask to learn from; accept or draw some, then mark the images as reviewed.</source>
      <translation>没有可学习的掩膜;请接受或绘制一些,再把图像标为已检查。</translation>
    </message>
    <message>
      <source>There is not enough memory for one window of the image: close other programs or choose a smaller model.</source>
      <translation>内存不足以处理图像的一个窗口:请关闭其他程序或选择更小的模型。</translation>
    </message>
    <message>
      <source>There is not enough memory for {path}: close other programs and try again; if that does not help, look at it with: cascadeclip check {folder}</source>
      <translation>{path} 内存不足:请关闭其他程序后重试;如果无效,请用以下命令检查:cascadeclip check {folder}</translation>
    </message>
    <message>
      <source>There is not enough memory to train on a single view: close other programs, or train on the processor (--device cpu).</source>
      <translation>内存不足以训练单个视图:请关闭其他程序,或在处理器上训练 (--device cpu)。</translation>
    </message>
    <message>
      <source>There is nothing to calibrate: the scores of the corrected words mean what they say already. Correct more images, or try another recipe.</source>
      <translation>没有需要校准的内容:已修正词语的分数已名副其实。请再修正一些图像,或换一种学习方式。</translation>
    </message>
    <message>
      <source>This is more than one word: put a bar between spellings of one.</source>
      <translation>这不止一个词:请在同一个词的不同写法之间加竖线。</translation>
    </message>
    <message>
      <source>This model has no text tower and cannot read words; choose another model.</source>
      <translation>此模型没有文本塔,无法读词;请选择其他模型。</translation>
    </message>
    <message>
      <source>Threshold</source>
      <translation>阈值</translation>
    </message>
    <message>
      <source>Threshold of all words</source>
      <translation>所有词的阈值</translation>
    </message>
    <message>
      <source>Threshold of its own: {threshold}</source>
      <translation>自己的阈值:{threshold}</translation>
    </message>
    <message>
      <source>Threshold of this word</source>
      <translation>这个词的阈值</translation>
    </message>
    <message>
      <source>Threshold of {name}</source>
      <translation>{name} 的阈值</translation>
    </message>
    <message>
      <source>To</source>
      <translation>保存到</translation>
    </message>
    <message>
      <source>Tolerance ({smaller} and {larger}, Shift+wheel)</source>
      <translation>容差({smaller} 和 {larger},Shift+滚轮)</translation>
    </message>
    <message>
      <source>Tolerance of the wand</source>
      <translation>魔棒的容差</translation>
    </message>
    <message>
      <source>Took back the import on {images} images.</source>
      <translation>已撤销 {images} 张图像上的导入。</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>工具</translation>
    </message>
    <message>
      <source>Train no further; what is learnt so far is measured and kept</source>
      <translation>不再继续训练;已学到的会被测量并保留</translation>
    </message>
    <message>
      <source>Train on the reviewed images</source>
      <translation>用已审阅的图像训练</translation>
    </message>
    <message>
      <source>Training</source>
      <translation>训练</translation>
    </message>
    <message>
      <source>Training broke off; the model in use has not changed.</source>
      <translation>训练中断;所用模型没有变化。</translation>
    </message>
    <message>
      <source>Training ended without a result.</source>
      <translation>训练结束但没有结果。</translation>
    </message>
    <message>
      <source>Training progress</source>
      <translation>训练进度</translation>
    </message>
    <message>
      <source>Training was stopped; the model in use has not changed.</source>
      <translation>训练已停止;正在使用的模型没有改变。</translation>
    </message>
    <message>
      <source>Try again</source>
      <translation>再试一次</translation>
    </message>
    <message>
      <source>Try the demo</source>
      <translation>试用演示</translation>
    </message>
    <message>
      <source>Two versions side by side on the open image</source>
      <translation>在当前图像上并排显示两个版本</translation>
    </message>
    <message>
      <source>Two-minute tour</source>
      <translation>两分钟导览</translation>
    </message>
    <message>
      <source>Type a word</source>
      <translation>输入一个词</translation>
    </message>
    <message>
      <source>Type a word first: every mask belongs to a word.</source>
      <translation>请先输入一个词:每个掩膜都属于一个词。</translation>
    </message>
    <message>
      <source>Type a word, such as cat, and press Enter. While you type you see already what it would find. cat | kitten are two spellings of one word.</source>
      <translation>输入一个词,例如 cat,然后按 Enter。输入时就能看到它会找到什么。cat | kitten 是同一个词的两种写法。</translation>
    </message>
    <message>
      <source>Type what you want to find in the field above.</source>
      <translation>在上面的输入框中输入您想找的东西。</translation>
    </message>
    <message>
      <source>Type what you want to find, such as: cat, grass, road | street</source>
      <translation>输入您想找的东西,例如:cat, grass, road | street</translation>
    </message>
    <message>
      <source>Uncertainty</source>
      <translation>不确定性</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>撤销</translation>
    </message>
    <message>
      <source>Undo import</source>
      <translation>撤销导入</translation>
    </message>
    <message>
      <source>Undo import...</source>
      <translation>撤销导入...</translation>
    </message>
    <message>
      <source>Undone</source>
      <translation>已撤销</translation>
    </message>
    <message>
      <source>Unreviewed</source>
      <translation>未审阅</translation>
    </message>
    <message>
      <source>Unreviewed images first that the model is unsure of and that are unlike those before</source>
      <translation>未审阅的图像中,模型不确定且与前面不同的排在前面</translation>
    </message>
    <message>
      <source>Use</source>
      <translation>使用</translation>
    </message>
    <message>
      <source>Use a file of CLIP weights</source>
      <translation>使用 CLIP 权重文件</translation>
    </message>
    <message>
      <source>Use it</source>
      <translation>使用</translation>
    </message>
    <message>
      <source>Use it anyway</source>
      <translation>仍然使用</translation>
    </message>
    <message>
      <source>Use local file...</source>
      <translation>使用本地文件...</translation>
    </message>
    <message>
      <source>Use the new places</source>
      <translation>使用新位置</translation>
    </message>
    <message>
      <source>Use the new version from now on</source>
      <translation>今后使用新版本</translation>
    </message>
    <message>
      <source>Use the version from before this one</source>
      <translation>使用此版本之前的版本</translation>
    </message>
    <message>
      <source>Use these</source>
      <translation>使用这些</translation>
    </message>
    <message>
      <source>Usual key</source>
      <translation>默认按键</translation>
    </message>
    <message>
      <source>VOC, label images</source>
      <translation>VOC,标签图像</translation>
    </message>
    <message>
      <source>Version</source>
      <translation>版本</translation>
    </message>
    <message>
      <source>View</source>
      <translation>视图</translation>
    </message>
    <message>
      <source>Watched, for nobody corrected them: {some}.</source>
      <translation>以下无人更正,受到监视:{some}。</translation>
    </message>
    <message>
      <source>Weights</source>
      <translation>权重</translation>
    </message>
    <message>
      <source>What runs the model, and on which device</source>
      <translation>模型由什么运行,在哪个设备上</translation>
    </message>
    <message>
      <source>What scores mean: seconds</source>
      <translation>校准分数的含义:几秒钟</translation>
    </message>
    <message>
      <source>What stays together</source>
      <translation>哪些放在一起</translation>
    </message>
    <message>
      <source>What the decoders make of</source>
      <translation>解码器如何理解</translation>
    </message>
    <message>
      <source>What the model sees</source>
      <translation>模型看到的</translation>
    </message>
    <message>
      <source>What training changed</source>
      <translation>训练带来的变化</translation>
    </message>
    <message>
      <source>What will change</source>
      <translation>将有哪些更改</translation>
    </message>
    <message>
      <source>Wheel</source>
      <translation>滚轮</translation>
    </message>
    <message>
      <source>When</source>
      <translation>时间</translation>
    </message>
    <message>
      <source>Where the model is unsure</source>
      <translation>模型不确定的地方</translation>
    </message>
    <message>
      <source>Where to</source>
      <translation>目标位置</translation>
    </message>
    <message>
      <source>Which engine is fastest could not be measured, so torch runs: {error}</source>
      <translation>无法测量哪个引擎最快,因此使用 torch:{error}</translation>
    </message>
    <message>
      <source>Which images are listed</source>
      <translation>列出哪些图像</translation>
    </message>
    <message>
      <source>Which layers of the model are compared</source>
      <translation>比较模型的哪些层</translation>
    </message>
    <message>
      <source>Which patches are like the one you click</source>
      <translation>哪些图块与您点击的相似</translation>
    </message>
    <message>
      <source>Whose threshold the slider moves: all words or one of its own</source>
      <translation>滑块移动谁的阈值:所有词或某一个词</translation>
    </message>
    <message>
      <source>With masks</source>
      <translation>有掩膜</translation>
    </message>
    <message>
      <source>With suggestions</source>
      <translation>有建议</translation>
    </message>
    <message>
      <source>Word</source>
      <translation>词</translation>
    </message>
    <message>
      <source>Word 1</source>
      <translation>词 1</translation>
    </message>
    <message>
      <source>Word 10</source>
      <translation>词 10</translation>
    </message>
    <message>
      <source>Word 2</source>
      <translation>词 2</translation>
    </message>
    <message>
      <source>Word 3</source>
      <translation>词 3</translation>
    </message>
    <message>
      <source>Word 4</source>
      <translation>词 4</translation>
    </message>
    <message>
      <source>Word 5</source>
      <translation>词 5</translation>
    </message>
    <message>
      <source>Word 6</source>
      <translation>词 6</translation>
    </message>
    <message>
      <source>Word 7</source>
      <translation>词 7</translation>
    </message>
    <message>
      <source>Word 8</source>
      <translation>词 8</translation>
    </message>
    <message>
      <source>Word 9</source>
      <translation>词 9</translation>
    </message>
    <message>
      <source>Word of the selected mask, and of the next one drawn</source>
      <translation>所选掩膜以及下一个绘制的掩膜的词</translation>
    </message>
    <message>
      <source>Word to find</source>
      <translation>要找的词</translation>
    </message>
    <message>
      <source>Word whose maps are shown</source>
      <translation>显示哪个词的图</translation>
    </message>
    <message>
      <source>Words without corrections answer as before on {same} % of other images.</source>
      <translation>没有修正的词在 {same} % 的其他图像上与之前结果相同。</translation>
    </message>
    <message>
      <source>Words without objects</source>
      <translation>没有单独对象的词语</translation>
    </message>
    <message>
      <source>Words, separated by commas; cat | kitten are synonyms; -shadow is a negative</source>
      <translation>用逗号分隔的词;cat | kitten 是同义词;-shadow 是负面词</translation>
    </message>
    <message>
      <source>Write as one word</source>
      <translation>写成一个词</translation>
    </message>
    <message>
      <source>Write the two as one word</source>
      <translation>把两者写成一个词</translation>
    </message>
    <message>
      <source>Write {offer}</source>
      <translation>写成 {offer}</translation>
    </message>
    <message>
      <source>Writing to {place} is not allowed: choose another folder or change its rights.</source>
      <translation>不允许写入 {place}:请选择其他文件夹或更改其权限。</translation>
    </message>
    <message>
      <source>Wrote {path}, checked.</source>
      <translation>已写入 {path} 并检查。</translation>
    </message>
    <message>
      <source>YOLO</source>
      <translation>YOLO</translation>
    </message>
    <message>
      <source>YOLO, segmentation</source>
      <translation>YOLO,分割</translation>
    </message>
    <message>
      <source>Yours, before, after: {right}</source>
      <translation>您的、之前、之后:{right}</translation>
    </message>
    <message>
      <source>Zoom</source>
      <translation>缩放</translation>
    </message>
    <message>
      <source>Zoom at the pointer</source>
      <translation>在指针处缩放</translation>
    </message>
    <message>
      <source>Zoom in</source>
      <translation>放大</translation>
    </message>
    <message>
      <source>Zoom out</source>
      <translation>缩小</translation>
    </message>
    <message>
      <source>Zoom to suggestions when walking</source>
      <translation>浏览时缩放到建议</translation>
    </message>
    <message>
      <source>a file of your own</source>
      <translation>您自己的文件</translation>
    </message>
    <message>
      <source>a new spelling of "{name}"</source>
      <translation>“{name}”的新写法</translation>
    </message>
    <message>
      <source>a small model</source>
      <translation>小模型</translation>
    </message>
    <message>
      <source>accept suggestion</source>
      <translation>接受建议</translation>
    </message>
    <message>
      <source>accept suggestion as {word}</source>
      <translation>作为 {word} 接受建议</translation>
    </message>
    <message>
      <source>accept {count} suggestions</source>
      <translation>接受 {count} 个建议</translation>
    </message>
    <message>
      <source>accepting</source>
      <translation>正在接受</translation>
    </message>
    <message>
      <source>add mask</source>
      <translation>添加掩膜</translation>
    </message>
    <message>
      <source>against {what}</source>
      <translation>对照 {what}</translation>
    </message>
    <message>
      <source>already there</source>
      <translation>已经有了</translation>
    </message>
    <message>
      <source>already there as "{name}"</source>
      <translation>已经有了,就是“{name}”</translation>
    </message>
    <message>
      <source>and {count} more</source>
      <translation>以及另外 {count} 个</translation>
    </message>
    <message>
      <source>as in the list of words</source>
      <translation>按词语列表的顺序</translation>
    </message>
    <message>
      <source>caching views of {count} images</source>
      <translation>正在缓存 {count} 张图像的视图</translation>
    </message>
    <message>
      <source>calibrating</source>
      <translation>正在校准</translation>
    </message>
    <message>
      <source>cannot be opened</source>
      <translation>无法打开</translation>
    </message>
    <message>
      <source>cat | kitten are spellings of one word; -shadow makes it negative</source>
      <translation>cat | kitten 是同一个词的写法;-shadow 表示负词</translation>
    </message>
    <message>
      <source>change word</source>
      <translation>更改词</translation>
    </message>
    <message>
      <source>checking</source>
      <translation>正在检查</translation>
    </message>
    <message>
      <source>choosing how far to go</source>
      <translation>正在选择走多远</translation>
    </message>
    <message>
      <source>collecting</source>
      <translation>正在收集修正</translation>
    </message>
    <message>
      <source>comparing two versions</source>
      <translation>正在比较两个版本</translation>
    </message>
    <message>
      <source>complete images</source>
      <translation>完整图像</translation>
    </message>
    <message>
      <source>copying</source>
      <translation>正在复制</translation>
    </message>
    <message>
      <source>delete mask</source>
      <translation>删除掩膜</translation>
    </message>
    <message>
      <source>downloading {title}</source>
      <translation>正在下载 {title}</translation>
    </message>
    <message>
      <source>draw with the brush</source>
      <translation>用画笔绘制</translation>
    </message>
    <message>
      <source>drawing the demo</source>
      <translation>正在绘制演示</translation>
    </message>
    <message>
      <source>drawn</source>
      <translation>手绘</translation>
    </message>
    <message>
      <source>edit mask</source>
      <translation>编辑掩膜</translation>
    </message>
    <message>
      <source>encode {encode}  decode {decode}</source>
      <translation>编码 {encode}  解码 {decode}</translation>
    </message>
    <message>
      <source>exporting</source>
      <translation>正在导出</translation>
    </message>
    <message>
      <source>has masks</source>
      <translation>有掩膜</translation>
    </message>
    <message>
      <source>has suggestions</source>
      <translation>有建议</translation>
    </message>
    <message>
      <source>hidden</source>
      <translation>已隐藏</translation>
    </message>
    <message>
      <source>images ({complete} complete, {partial} partly marked)</source>
      <translation>图像({complete} 张完整,{partial} 张部分标记)</translation>
    </message>
    <message>
      <source>importing</source>
      <translation>正在导入</translation>
    </message>
    <message>
      <source>importing {name}</source>
      <translation>正在导入 {name}</translation>
    </message>
    <message>
      <source>it claims more pixels than any camera</source>
      <translation>它声称的像素比任何相机都多</translation>
    </message>
    <message>
      <source>it has no pixels</source>
      <translation>它没有像素</translation>
    </message>
    <message>
      <source>it is a folder</source>
      <translation>它是一个文件夹</translation>
    </message>
    <message>
      <source>it is damaged or cut short</source>
      <translation>它已损坏或不完整</translation>
    </message>
    <message>
      <source>it is not an image, or of a kind that is not supported</source>
      <translation>它不是图像,或者是不支持的类型</translation>
    </message>
    <message>
      <source>its own form</source>
      <translation>自身的格式</translation>
    </message>
    <message>
      <source>its {width} x {height} pixels are beyond {limit} million</source>
      <translation>{width} x {height} 像素超过了 {limit} 百万</translation>
    </message>
    <message>
      <source>labelme</source>
      <translation>labelme</translation>
    </message>
    <message>
      <source>learning the marked pixels of {count} images</source>
      <translation>正在学习 {count} 张图像的标记像素</translation>
    </message>
    <message>
      <source>loading the model</source>
      <translation>正在加载模型</translation>
    </message>
    <message>
      <source>looking</source>
      <translation>正在查看</translation>
    </message>
    <message>
      <source>looking at the image files</source>
      <translation>正在查看图像文件</translation>
    </message>
    <message>
      <source>mIoU, %</source>
      <translation>mIoU,%</translation>
    </message>
    <message>
      <source>mark reviewed</source>
      <translation>标记为已审阅</translation>
    </message>
    <message>
      <source>mark unreviewed</source>
      <translation>标记为未审阅</translation>
    </message>
    <message>
      <source>measuring after</source>
      <translation>正在测量训练后的结果</translation>
    </message>
    <message>
      <source>measuring before on {count} images never trained on</source>
      <translation>训练前在 {count} 张从未训练过的图像上测量</translation>
    </message>
    <message>
      <source>measuring which engine is fastest</source>
      <translation>正在测量哪个引擎最快</translation>
    </message>
    <message>
      <source>merge masks</source>
      <translation>合并掩膜</translation>
    </message>
    <message>
      <source>mini (bundled)</source>
      <translation>mini(内置)</translation>
    </message>
    <message>
      <source>negative</source>
      <translation>负词</translation>
    </message>
    <message>
      <source>new</source>
      <translation>新</translation>
    </message>
    <message>
      <source>not for commercial use</source>
      <translation>不可用于商业用途</translation>
    </message>
    <message>
      <source>not known</source>
      <translation>未知</translation>
    </message>
    <message>
      <source>not looked at yet</source>
      <translation>尚未查看</translation>
    </message>
    <message>
      <source>not measured on this machine yet</source>
      <translation>尚未在此机器上测量</translation>
    </message>
    <message>
      <source>pre-labelling</source>
      <translation>预标注</translation>
    </message>
    <message>
      <source>read only</source>
      <translation>只读</translation>
    </message>
    <message>
      <source>reading images</source>
      <translation>正在读取图像</translation>
    </message>
    <message>
      <source>reading {place}</source>
      <translation>正在读取 {place}</translation>
    </message>
    <message>
      <source>reading {title}</source>
      <translation>正在读取 {title}</translation>
    </message>
    <message>
      <source>reject suggestion</source>
      <translation>拒绝建议</translation>
    </message>
    <message>
      <source>reviewed</source>
      <translation>已检查</translation>
    </message>
    <message>
      <source>saved</source>
      <translation>已保存</translation>
    </message>
    <message>
      <source>saving</source>
      <translation>正在保存</translation>
    </message>
    <message>
      <source>showing the marked regions again</source>
      <translation>正在再次展示标记区域</translation>
    </message>
    <message>
      <source>showing the marked regions of {count} images</source>
      <translation>正在展示 {count} 张图像的标记区域</translation>
    </message>
    <message>
      <source>split mask</source>
      <translation>拆分掩膜</translation>
    </message>
    <message>
      <source>splitting {count} {whyWhich}</source>
      <translation>正在划分 {count} 张{whyWhich}</translation>
    </message>
    <message>
      <source>starting</source>
      <translation>正在开始</translation>
    </message>
    <message>
      <source>stopping {title}</source>
      <translation>正在停止{title}</translation>
    </message>
    <message>
      <source>such as grass, sky</source>
      <translation>例如 草地, 天空</translation>
    </message>
    <message>
      <source>taken back</source>
      <translation>已撤回</translation>
    </message>
    <message>
      <source>taking back</source>
      <translation>正在撤回</translation>
    </message>
    <message>
      <source>the SHA-256 that its host tells</source>
      <translation>其主机给出的 SHA-256</translation>
    </message>
    <message>
      <source>the graphics card ran out of memory</source>
      <translation>显卡内存不足</translation>
    </message>
    <message>
      <source>there is no such file</source>
      <translation>没有这个文件</translation>
    </message>
    <message>
      <source>there is not enough memory for it</source>
      <translation>内存不足</translation>
    </message>
    <message>
      <source>this place</source>
      <translation>此位置</translation>
    </message>
    <message>
      <source>told when it arrives</source>
      <translation>到达后给出</translation>
    </message>
    <message>
      <source>trained</source>
      <translation>训练过</translation>
    </message>
    <message>
      <source>training on {views} views{whyGone}</source>
      <translation>正在 {views} 个视图上训练{whyGone}</translation>
    </message>
    <message>
      <source>training {count} views at a time, for memory ran out</source>
      <translation>内存不足,每次训练 {count} 个视图</translation>
    </message>
    <message>
      <source>unknown to this model</source>
      <translation>此模型不认识</translation>
    </message>
    <message>
      <source>words without corrections answer otherwise on {share} % of other images</source>
      <translation>没有修正的词在其他图像的 {share} % 上给出不同结果</translation>
    </message>
    <message>
      <source>words without corrections lost {points} points</source>
      <translation>没有修正的词下降了 {points} 个点</translation>
    </message>
    <message>
      <source>writing</source>
      <translation>正在写入</translation>
    </message>
    <message>
      <source>you may not read it</source>
      <translation>没有读取权限</translation>
    </message>
    <message>
      <source>zero-shot</source>
      <translation>零样本</translation>
    </message>
    <message>
      <source>{accept} closes, Alt cuts a hole, Shift adds</source>
      <translation>{accept} 闭合,Alt 挖洞,Shift 添加</translation>
    </message>
    <message>
      <source>{accept} keeps, {deselect} drops, Ctrl takes away</source>
      <translation>{accept} 保留,{deselect} 放弃,Ctrl 减去</translation>
    </message>
    <message>
      <source>{accept} keeps, {deselect} drops, {undo} takes a click back</source>
      <translation>{accept} 保留,{deselect} 放弃,{undo} 撤回一次点击</translation>
    </message>
    <message>
      <source>{at} of {count}</source>
      <translation>{at} / {count}</translation>
    </message>
    <message>
      <source>{backend} runs this model here: {reason}</source>
      <translation>此模型在这里由 {backend} 运行:{reason}</translation>
    </message>
    <message>
      <source>{before} % right before, {after} % after</source>
      <translation>之前 {before} % 正确,之后 {after} %</translation>
    </message>
    <message>
      <source>{before} to {after} mIoU on held-out images</source>
      <translation>留出图像上 mIoU 从 {before} 到 {after}</translation>
    </message>
    <message>
      <source>{count} changed</source>
      <translation>{count} 个已更改</translation>
    </message>
    <message>
      <source>{count} from {name}</source>
      <translation>从 {name} 得到 {count}</translation>
    </message>
    <message>
      <source>{count} images are reviewed: a minute of training may help.</source>
      <translation>已审阅 {count} 张图像:训练一分钟可能有帮助。</translation>
    </message>
    <message>
      <source>{count} images are reviewed: enough to set what the scores mean, in seconds.</source>
      <translation>已审阅 {count} 张图像:足以在几秒钟内校准分数的含义。</translation>
    </message>
    <message>
      <source>{count} images are reviewed: how the marked pixels look can be learnt, in seconds.</source>
      <translation>已审阅 {count} 张图像:几秒钟内即可学会已标注像素的外观。</translation>
    </message>
    <message>
      <source>{count} images are reviewed: what you have marked can be recognised again, in seconds.</source>
      <translation>已审阅 {count} 张图像:几秒钟内即可学会再次识别您标注过的内容。</translation>
    </message>
    <message>
      <source>{count} images as they were</source>
      <translation>{count} 张图像保持不变</translation>
    </message>
    <message>
      <source>{count} images could not be read and were left out; the first: {value}</source>
      <translation>有 {count} 张图像无法读取,已略去;第一张:{value}</translation>
    </message>
    <message>
      <source>{count} jobs</source>
      <translation>{count} 个任务</translation>
    </message>
    <message>
      <source>{count} missing</source>
      <translation>缺失 {count} 个</translation>
    </message>
    <message>
      <source>{count} moved</source>
      <translation>已移动 {count} 个</translation>
    </message>
    <message>
      <source>{count} suggestions</source>
      <translation>{count} 个建议</translation>
    </message>
    <message>
      <source>{count} suggestions on {images} images would become masks.</source>
      <translation>{images} 张图像上的 {count} 条建议将成为掩膜。</translation>
    </message>
    <message>
      <source>{count} suggestions on {images} images, {pace} a second</source>
      <translation>{images} 张图像上有 {count} 条建议,每秒 {pace} 张</translation>
    </message>
    <message>
      <source>{engine_trouble} Drawing and exporting work without a model.</source>
      <translation>{engine_trouble} 没有模型也可以绘制和导出。</translation>
    </message>
    <message>
      <source>{folder} does not exist: check the path.</source>
      <translation>{folder} 不存在:请检查路径。</translation>
    </message>
    <message>
      <source>{folder} is not a folder: give the folder that holds the images.</source>
      <translation>{folder} 不是文件夹:请给出存放图像的文件夹。</translation>
    </message>
    <message>
      <source>{folder} is not a project: it holds no {file}.</source>
      <translation>{folder} 不是项目:其中没有 {file}。</translation>
    </message>
    <message>
      <source>{folder} is open in another program{who}: here it can be read but not changed; close the other program, then open it again.</source>
      <translation>{folder} 正在另一个程序中打开{who}:这里只能读取,不能修改;请关闭另一个程序后再打开。</translation>
    </message>
    <message>
      <source>{folder} was written by a newer version of cascadeclip; update the program.</source>
      <translation>{folder} 由更新版本的 cascadeclip 写成;请更新程序。</translation>
    </message>
    <message>
      <source>{images} images were left alone: it is too long ago.</source>
      <translation>{images} 张图像未作更改：时间过久。</translation>
    </message>
    <message>
      <source>{kept} masks or boxes changed since are kept.</source>
      <translation>{kept} 个之后更改过的掩膜或矩形框已保留。</translation>
    </message>
    <message>
      <source>{key} is held on the image: choose another key for “{name}”.</source>
      <translation>{key} 在图像上用于按住:请为“{name}”选择其他按键。</translation>
    </message>
    <message>
      <source>{key} would mean both “{other}” and “{name}”: give one of them another key.</source>
      <translation>{key} 会同时表示“{other}”和“{name}”:请为其中一个换一个按键。</translation>
    </message>
    <message>
      <source>{many}, mean score {score}, on {share} % of the image</source>
      <translation>{many},平均分数 {score},占图像的 {share} %</translation>
    </message>
    <message>
      <source>{max} MB</source>
      <translation>{max} MB</translation>
    </message>
    <message>
      <source>{max} s left</source>
      <translation>还剩 {max} 秒</translation>
    </message>
    <message>
      <source>{model} speaks now, as the version {name}.</source>
      <translation>现在由 {model} 工作,版本为 {name}。</translation>
    </message>
    <message>
      <source>{names} and {count} more</source>
      <translation>{names} 以及另外 {count} 个</translation>
    </message>
    <message>
      <source>{name}  (in use)</source>
      <translation>{name}  (使用中)</translation>
    </message>
    <message>
      <source>{name} - Cascade-CLIP</source>
      <translation>{name} - Cascade-CLIP</translation>
    </message>
    <message>
      <source>{name} cannot be opened: {why}.</source>
      <translation>无法打开 {name}:{why}。</translation>
    </message>
    <message>
      <source>{name} has changed its size since it was added; its masks no longer fit.</source>
      <translation>{name} 添加后尺寸已改变;掩膜不再适用。</translation>
    </message>
    <message>
      <source>{name} is in use now.</source>
      <translation>现在使用 {name}。</translation>
    </message>
    <message>
      <source>{name} is not where it was, nor near it; look in other folders with: cascadeclip check {folder} --search FOLDER --relink</source>
      <translation>{name} 不在原处,附近也没有;可用以下命令在其他文件夹查找:cascadeclip check {folder} --search FOLDER --relink</translation>
    </message>
    <message>
      <source>{name}, made {made} by {recipe}</source>
      <translation>{name},{made} 由 {recipe} 创建</translation>
    </message>
    <message>
      <source>{next} opens the next image, {reviewed} marks this one as reviewed.</source>
      <translation>{next} 打开下一张图像,{reviewed} 将这张标记为已审阅。</translation>
    </message>
    <message>
      <source>{number} words</source>
      <translation>{number} 个词</translation>
    </message>
    <message>
      <source>{n} masks on this image</source>
      <translation>此图像上有 {n} 个掩膜</translation>
    </message>
    <message>
      <source>{out} could not be written ({why}); choose another place.</source>
      <translation>无法写入 {out}({why});请选择其他位置。</translation>
    </message>
    <message>
      <source>{out} exists and is no .json file; choose another name.</source>
      <translation>{out} 已存在且不是 .json 文件;请换个名称。</translation>
    </message>
    <message>
      <source>{out} holds something that is no export; choose an empty folder.</source>
      <translation>{out} 中有并非导出的内容;请选择空文件夹。</translation>
    </message>
    <message>
      <source>{out} is a file; name a folder for this format.</source>
      <translation>{out} 是文件;此格式请指定文件夹。</translation>
    </message>
    <message>
      <source>{out} is a folder; name a file, such as annotations.json.</source>
      <translation>{out} 是文件夹;请指定文件,例如 annotations.json。</translation>
    </message>
    <message>
      <source>{rest}, {size} on the card</source>
      <translation>{rest},显卡上 {size}</translation>
    </message>
    <message>
      <source>{reviewed} of {images} reviewed, {masks} masks</source>
      <translation>已审阅 {reviewed} / {images},{masks} 个掩膜</translation>
    </message>
    <message>
      <source>{round} min left</source>
      <translation>还剩 {round} 分钟</translation>
    </message>
    <message>
      <source>{share} to {share2}</source>
      <translation>{share} 到 {share2}</translation>
    </message>
    <message>
      <source>{side} picture</source>
      <translation>{side}图</translation>
    </message>
    <message>
      <source>{side} version</source>
      <translation>{side}版本</translation>
    </message>
    <message>
      <source>{size} in all, {rest}</source>
      <translation>共 {size},{rest}</translation>
    </message>
    <message>
      <source>{size} of features</source>
      <translation>特征 {size}</translation>
    </message>
    <message>
      <source>{text}, {there} were there already</source>
      <translation>{text},其中 {there} 个已经有了</translation>
    </message>
    <message>
      <source>{text}; could not be read: {names}</source>
      <translation>{text};无法读取:{names}</translation>
    </message>
    <message>
      <source>{true} is taken for {said} on {share} % of its pixels.</source>
      <translation>{true} 有 {share} % 的像素被当作 {said}。</translation>
    </message>
    <message>
      <source>{value} GB</source>
      <translation>{value} GB</translation>
    </message>
    <message>
      <source>{value} h left</source>
      <translation>还剩 {value} 小时</translation>
    </message>
    <message>
      <source>{value} is in use again.</source>
      <translation>{value} 重新使用。</translation>
    </message>
    <message>
      <source>{value} ms</source>
      <translation>{value} ms</translation>
    </message>
    <message>
      <source>{word} (not corrected)</source>
      <translation>{word}(未修正)</translation>
    </message>
  </context>
</TS>
