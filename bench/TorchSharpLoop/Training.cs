using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharpLoop;

/// <summary>The loops of pytorch/training.py, line by line, with the dispose scope that TorchSharp wants around a step.</summary>
internal static class Training
{
    internal delegate IEnumerable<float> Loop(Module<Tensor, Tensor> model, Tensor images, Tensor labels, int batchSize);

    /// <summary>By its name in bench.py.</summary>
    internal static Loop Of(string work) => work switch
    {
        "train000" => Seed000,
        "train001" => Seed001,
        _ => throw new ArgumentException($"There is no loop {work}.", nameof(work)),
    };

    /// <summary>Yields the loss after each step.</summary>
    private static IEnumerable<float> Seed000(Module<Tensor, Tensor> model, Tensor images, Tensor labels, int batchSize)
    {
        CrossEntropyLoss criterion = CrossEntropyLoss();
        optim.Optimizer optimizer = optim.Adam(model.parameters(), lr: 1e-3);
        model.train();
        while (true)
        {
            (long seen, double totalLoss) = (0, 0);
            using Tensor correct = tensor(0L);
            using Tensor order = randperm(labels.size(0));
            for (long start = 0; start < labels.size(0); start += batchSize)
            {
                float value;
                using (NewDisposeScope())
                {
                    Tensor batch = order.slice(0, start, start + batchSize, 1);
                    (Tensor x, Tensor y) = (images.index_select(0, batch), labels.index_select(0, batch));
                    Tensor output = model.call(x);
                    Tensor loss = criterion.call(output, y);
                    optimizer.zero_grad();
                    loss.backward();
                    optimizer.step();
                    correct.add_(output.argmax(-1).eq(y).sum());
                    value = loss.item<float>();
                    totalLoss += value * y.size(0);
                    seen += y.size(0);
                }

                yield return value;
            }
        }
    }

    /// <summary>Yields the loss after each step; it counts no correct answers.</summary>
    private static IEnumerable<float> Seed001(Module<Tensor, Tensor> model, Tensor images, Tensor labels, int batchSize)
    {
        CrossEntropyLoss criterion = CrossEntropyLoss();
        optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.001, momentum: 0.9);
        model.train();
        while (true)
        {
            double runningLoss = 0;
            using Tensor order = randperm(labels.size(0));
            for (long start = 0; start < labels.size(0); start += batchSize)
            {
                float value;
                using (NewDisposeScope())
                {
                    Tensor batch = order.slice(0, start, start + batchSize, 1);
                    (Tensor inputs, Tensor targets) = (images.index_select(0, batch), labels.index_select(0, batch));
                    optimizer.zero_grad();
                    Tensor outputs = model.call(inputs);
                    Tensor loss = criterion.call(outputs, targets);
                    loss.backward();
                    optimizer.step();
                    value = loss.item<float>();
                    runningLoss += value;
                }

                yield return value;
            }
        }
    }
}
