"""
Exports networks of timm and torchvision for `npm run bench -- sweep FOLDER`: graphs whose weights are left
out (external data in a file that is not there), so that each takes some hundred kilobytes.

    pip install torch torchvision timm onnx onnxscript
    python bench/sweep.py FOLDER [NAME ...]        (all of LISTS without names; what is there already stays)

A name is `timm:NAME`, `torchvision:NAME`, or either with `@dynamo` behind it for PyTorch's newer exporter.
Nothing is downloaded: networks are made with random weights.
"""
import io
import os
import sys
import traceback
import warnings

os.environ.setdefault('OMP_NUM_THREADS', '1')
warnings.filterwarnings('ignore')

# One network of each family, the smallest that shows its structure; two where a family holds two.
TIMM = """
mixer_s32_224 resmlp_12_224 gmlp_ti16_224 gmixer_12_224 legacy_xception xception41 mobilevit_xxs mobilevitv2_050 repvit_m0_9
xcit_nano_12_p16_224 davit_tiny hrnet_w18_small swin_tiny_patch4_window7_224 hiera_tiny_224 maxvit_pico_rw_256 coatnet_pico_rw_224
crossvit_tiny_240 lambda_resnet26t eca_halonext26ts botnet26t_256 convnext_atto convnextv2_atto lcnet_050 mobilenetv3_small_050
vit_base_patch16_siglip_224 efficientvit_b0 efficientvit_l1 efficientvit_m0 levit_128s poolformer_s12 caformer_s18 convformer_s18
beit_base_patch16_224 bat_resnext26ts gcresnet33ts gernet_s mobileone_s0 regnetz_b16 repvgg_a0 resnet50_clip
cait_xxs24_224 coat_lite_tiny coat_tiny convit_tiny convmixer_768_32 cpubone_nano csatv2 cspdarknet53 cspresnet50 cs3darknet_s
cspnext_tiny deit_tiny_distilled_patch16_224 deit3_small_patch16_224 densenet121 dla34 dla60_res2net dpn48b edgenext_xx_small
efficientformer_l1 efficientformerv2_s0 efficientnet_b0 tf_efficientnetv2_b0 mobilenetv2_050 mixnet_s fbnetc_100 mnasnet_small
efficientvim_m1 eva02_tiny_patch14_224 vit_base_patch16_dinov3 fasternet_t0 fastvit_t8 fastvit_sa12 focalnet_tiny_srf gcvit_xxtiny
ghostnet_050 ghostnetv2_100 hardcorenas_a hgnet_tiny hgnetv2_b0 sam2_hiera_tiny iformer_t inception_next_atto inception_resnet_v2
inception_v3 inception_v4 lcnetv2_small lowformer_b0 mambaout_femto mobilenetv4_conv_small mobilenetv4_hybrid_medium mobilenetv5_base
mvitv2_tiny naflexvit_base_patch16_gap nasnetalarge nest_tiny nextvit_small nfnet_l0 pit_ti_224 pnasnet5large pvt_v2_b0 pvt_v2_b2_li rdnet_tiny
regnetx_002 regnety_002 repghostnet_050 res2net50_26w_4s resnest14d resnet18 resnet50 resnet50d ecaresnet26t resnetblur18 resnetv2_50 rexnet_100
selecsls42 legacy_seresnet18 sequencer2d_s shvit_s1 skresnet18 starnet_s1 swiftformer_xs swinv2_tiny_window8_256 swinv2_cr_tiny_224 swin_s3_tiny_224
tiny_vit_5m_224 tnt_s_patch16_224 tresnet_m twins_pcpvt_small twins_svt_small vgg11_bn visformer_tiny vit_tiny_patch16_224 vit_small_patch14_dinov2
vit_tiny_r_s16_p8_224 vit_relpos_small_patch16_224 samvit_base_patch16_224 vitamin_small_224 volo_d1_224 ese_vovnet19b_dw vovnet39a
dm_nfnet_f0 resnext50_32x4d seresnext26d_32x4d wide_resnet50_2 vit_base_patch16_clip_224 vit_medium_patch16_reg4_gap_256 aimv2_large_patch14_224
vit_base_r26_s32_224 nf_resnet26 semnasnet_050 spnasnet_100 hieradet_small vit_small_patch16_18x2_224 test_byobnet maxvit_tiny_tf_224 coatnext_nano_rw_224
vit_base_patch16_rope_224 resmlp_24_224 vit_medium_patch16_gap_256 fastvit_mci0 tinynet_e
""".split()

TORCHVISION = """
alexnet convnext_tiny densenet121 efficientnet_b0 efficientnet_v2_s googlenet inception_v3 maxvit_t mnasnet0_5 mobilenet_v2
mobilenet_v3_small mobilenet_v3_large regnet_x_400mf regnet_y_400mf resnet18 resnet50 resnext50_32x4d shufflenet_v2_x0_5 squeezenet1_0 squeezenet1_1
swin_t swin_v2_t vgg11 vgg16_bn vit_b_32 wide_resnet50_2 deeplabv3_resnet50 deeplabv3_mobilenet_v3_large fcn_resnet50 lraspp_mobilenet_v3_large
mvit_v2_s r3d_18 r2plus1d_18 s3d swin3d_t ssdlite320_mobilenet_v3_large ssd300_vgg16 retinanet_resnet50_fpn fasterrcnn_mobilenet_v3_large_320_fpn
fcos_resnet50_fpn maskrcnn_resnet50_fpn keypointrcnn_resnet50_fpn raft_small
""".split()

DYNAMO = """
timm:mixer_s32_224 timm:xcit_nano_12_p16_224 timm:davit_tiny timm:swin_tiny_patch4_window7_224 timm:hiera_tiny_224 timm:maxvit_pico_rw_256
timm:mobilevit_xxs timm:mobilevitv2_050 timm:vit_base_patch16_siglip_224 timm:resnet18 timm:efficientnet_b0 timm:convnext_atto timm:repvit_m0_9
timm:crossvit_tiny_240 timm:gmlp_ti16_224 timm:hrnet_w18_small torchvision:swin_t torchvision:maxvit_t torchvision:squeezenet1_1 torchvision:vit_b_32
torchvision:densenet121 torchvision:convnext_tiny
""".split()

LISTS = [f'timm:{name}' for name in TIMM] + [f'torchvision:{name}' for name in TORCHVISION] + [f'{name}@dynamo' for name in DYNAMO]

# Tensors of at most this many elements stay in the file: shapes, axes, scales.
KEPT = 64


def build(library, name):
    import torch

    if library == 'timm':
        import timm

        model = timm.create_model(name, pretrained=False, exportable=True)
        size = model.default_cfg.get('test_input_size') if False else model.default_cfg['input_size']
        return model.eval(), (torch.zeros(1, *size),)
    import torchvision

    kind = torchvision.models.get_model_builder(name).__module__
    extra = {'weights_backbone': None} if any(part in kind for part in ('detection', 'segmentation')) else {}
    model = torchvision.models.get_model(name, weights=None, **extra).eval()
    if 'video' in kind:
        return model, (torch.zeros(1, 3, 16, 224 if name.startswith(('mvit', 'swin', 's3d')) else 112, 224 if name.startswith(('mvit', 'swin', 's3d')) else 112),)
    if 'optical_flow' in kind:
        return model, (torch.zeros(1, 3, 128, 128), torch.zeros(1, 3, 128, 128))
    if 'detection' in kind:
        return model, ([torch.zeros(3, 320, 320)],)
    side = 299 if name == 'inception_v3' else 256 if name == 'swin_v2_t' else 224
    return model, (torch.zeros(1, 3, side, side),)


def strip(proto):
    """Moves large tensors to external data in a file that does not exist."""
    import onnx

    offset = 0

    def move(tensor):
        nonlocal offset
        count = 1
        for size in tensor.dims:
            count *= size
        if count <= KEPT or tensor.data_type == onnx.TensorProto.INT64 and count <= 4096:
            return
        length = count * onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
        for field in ('raw_data', 'float_data', 'int32_data', 'int64_data', 'double_data', 'uint64_data'):
            tensor.ClearField(field)
        tensor.data_location = onnx.TensorProto.EXTERNAL
        del tensor.external_data[:]
        for key, value in (('location', 'weights.bin'), ('offset', offset), ('length', length)):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, str(value)
        offset += length

    def visit(graph):
        for tensor in graph.initializer:
            move(tensor)
        for node in graph.node:
            node.doc_string = ''
            for entry in list(node.metadata_props):
                if entry.key in ('pkg.torch.onnx.stack_trace', 'pkg.torch.onnx.fx_node'):
                    node.metadata_props.remove(entry)
            for attribute in node.attribute:
                if attribute.HasField('t'):
                    move(attribute.t)
                if attribute.HasField('g'):
                    visit(attribute.g)

    visit(proto.graph)


def export(library, name, dynamo, path):
    import onnx
    import torch

    model, inputs = build(library, name)
    with torch.no_grad():
        if dynamo:
            program = torch.onnx.export(model, inputs, dynamo=True, opset_version=18, verbose=False)
            proto = program.model_proto
        else:
            buffer = io.BytesIO()
            torch.onnx.export(model, inputs, buffer, dynamo=False, opset_version=17)
            proto = onnx.load_from_string(buffer.getvalue())
    strip(proto)
    with open(path + '.part', 'wb') as file:
        file.write(proto.SerializeToString())
    os.replace(path + '.part', path)


def main():
    folder, *names = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for entry in names or LISTS:
        library, _, rest = entry.partition(':')
        name, _, exporter = rest.partition('@')
        path = os.path.join(folder, f'{library}.{name}{".dynamo" if exporter else ""}.onnx')
        failed = path + '.failed'
        if os.path.exists(path) or os.path.exists(failed):
            continue
        try:
            export(library, name, exporter == 'dynamo', path)
            print(entry, os.path.getsize(path), flush=True)
        except Exception as error:
            with open(failed, 'w') as file:
                file.write(traceback.format_exc())
            print(entry, 'failed:', str(error).splitlines()[:1], flush=True)


if __name__ == '__main__':
    main()
