using CnnTools.Backends;
using CnnTools.Training;

namespace CnnTools.Tests;

public sealed class EvaluatorTests
{
    [Fact]
    public void Figures_do_not_depend_on_the_batch_size()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Fixtures.Train(model, new() { Epochs = 1, Threads = 1 });

        Evaluation one = Test(model, 1);
        Evaluation seven = Test(model, 7);

        Assert.Equal(one.Loss, seven.Loss, 1e-6);
        Assert.Equal(one.Accuracy, seven.Accuracy);
        Assert.Equal(one.ConfusionMatrix.SelectMany(row => row), seven.ConfusionMatrix.SelectMany(row => row));
    }

    [Fact]
    public void Class_figures_follow_from_the_confusion_matrix()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Fixtures.Train(model, new() { Epochs = 1, Threads = 1 });

        Evaluation evaluation = Test(model, 64);

        for (int c = 0; c < 10; c++)
        {
            ClassFigures figures = evaluation.Classes[c];
            int hits = evaluation.ConfusionMatrix[c][c];
            int predicted = evaluation.ConfusionMatrix.Sum(row => row[c]);
            Assert.Equal($"row {c}", figures.Class);
            Assert.Equal(5, figures.Images);
            Assert.Equal(hits / 5.0, figures.Recall);
            Assert.Equal(predicted == 0 ? null : (double)hits / predicted, figures.Precision);
            if (figures.Precision + figures.Recall > 0)
            {
                Assert.Equal(
                    2 * figures.Precision!.Value * figures.Recall!.Value / (figures.Precision.Value + figures.Recall.Value),
                    figures.F1!.Value, 1e-12);
            }
        }

        Assert.Equal(evaluation.ConfusionMatrix.Select((row, c) => row[c]).Sum() / 50.0, evaluation.Accuracy);
        Assert.InRange(evaluation.Top5Accuracy, evaluation.Accuracy, 1);
    }

    [Fact]
    public void An_untrained_network_guesses()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");

        Assert.Equal(Math.Log(10), Test(model, 50).Loss, 0.1);
    }

    private static Evaluation Test(CnnModel model, int batchSize) =>
        Evaluator.Test(model, Fixtures.Data, EvaluationSplit.Test, Device.Cpu, batchSize, threads: 1, CancellationToken.None);
}
