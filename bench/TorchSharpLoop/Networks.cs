using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharpLoop;

/// <summary>The networks of tests/parity/networks.py, and torchvision's ResNet18 with the stem for small images.</summary>
internal static class Networks
{
    private const int Classes = 10;

    internal static Module<Tensor, Tensor> Create(string name) => name switch
    {
        "SimpleCnn" => SimpleCnn(),
        "ImageClassification" => ImageClassification(),
        "ResNet18" => ResNet18(),
        _ => throw new ArgumentException($"There is no network {name}.", nameof(name)),
    };

    private static Sequential SimpleCnn() => Sequential(
        ("conv1", Conv2d(1, 32, 3, padding: 1)),
        ("relu1", ReLU()),
        ("pool1", MaxPool2d(2, stride: 2)),
        ("conv2", Conv2d(32, 64, 3, padding: 1)),
        ("relu2", ReLU()),
        ("pool2", MaxPool2d(2, stride: 2)),
        ("flatten", Flatten()),
        ("fc1", Linear(64 * 7 * 7, 64)),
        ("relu3", ReLU()),
        ("fc2", Linear(64, Classes)));

    private static Sequential ImageClassification() => Sequential(
        ("conv1", Conv2d(3, 6, 3)),
        ("relu1", ReLU()),
        ("pool1", MaxPool2d(2, stride: 2)),
        ("conv2", Conv2d(6, 16, 3)),
        ("relu2", ReLU()),
        ("pool2", MaxPool2d(2, stride: 2)),
        ("flatten", Flatten()),
        ("linear1", Linear(576, 120)),
        ("relu3", ReLU()),
        ("linear2", Linear(120, 84)),
        ("relu4", ReLU()),
        ("out", Linear(84, Classes)));

    private static Sequential ResNet18()
    {
        Sequential network = Sequential(
            ("conv1", Conv2d(3, 64, 3, padding: 1, bias: false)),
            ("bn1", BatchNorm2d(64)),
            ("relu", ReLU(inplace: true)),
            ("layer1", Sequential(new BasicBlock(64, 64, 1), new BasicBlock(64, 64, 1))),
            ("layer2", Sequential(new BasicBlock(64, 128, 2), new BasicBlock(128, 128, 1))),
            ("layer3", Sequential(new BasicBlock(128, 256, 2), new BasicBlock(256, 256, 1))),
            ("layer4", Sequential(new BasicBlock(256, 512, 2), new BasicBlock(512, 512, 1))),
            ("avgpool", AdaptiveAvgPool2d(1)),
            ("flatten", Flatten()),
            ("fc", Linear(512, Classes)));
        foreach (Conv2d convolution in network.modules().OfType<Conv2d>())
        {
            init.kaiming_normal_(convolution.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        }

        return network;
    }

    private sealed class BasicBlock : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly ReLU relu = ReLU(inplace: true);
        private readonly Conv2d conv2;
        private readonly BatchNorm2d bn2;
        private readonly Sequential? downsample;

        internal BasicBlock(int inputs, int outputs, int stride)
            : base(nameof(BasicBlock))
        {
            conv1 = Conv2d(inputs, outputs, 3, stride: stride, padding: 1, bias: false);
            bn1 = BatchNorm2d(outputs);
            conv2 = Conv2d(outputs, outputs, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(outputs);
            if (stride != 1 || inputs != outputs)
            {
                downsample = Sequential(Conv2d(inputs, outputs, 1, stride: stride, bias: false), BatchNorm2d(outputs));
            }

            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor output = relu.call(bn1.call(conv1.call(input)));
            output = bn2.call(conv2.call(output));
            output.add_(downsample is null ? input : downsample.call(input));
            return relu.call(output);
        }
    }
}
