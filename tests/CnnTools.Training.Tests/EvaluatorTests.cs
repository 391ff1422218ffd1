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

    [Fact]
    public void The_worst_images_and_the_confused_pairs_are_those_of_the_predictions()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Fixtures.Train(model, new() { Epochs = 1, Threads = 1 });

        Evaluation evaluation = Test(model, 7);

        Assert.Equal(20, evaluation.Worst.Length);
        Assert.Equal(evaluation.Worst.OrderByDescending(image => image.Loss), evaluation.Worst);
        Assert.All(evaluation.Worst, image =>
        {
            Assert.Equal($"row {Fixtures.Data.Test.Labels[image.Index]}", image.Class);
            Assert.Equal(Math.Exp(-image.Loss), image.Probability, 1e-12);
            Assert.True(image.Confidence >= image.Probability);
        });
        Assert.Equal((1 - evaluation.Accuracy) * 50, evaluation.ConfusedPairs.Sum(pair => pair.Images), 1e-9);
        Assert.Equal(evaluation.ConfusedPairs.OrderByDescending(pair => pair.Images), evaluation.ConfusedPairs);
    }

    [Fact]
    public void A_model_that_always_says_the_same_is_miscalibrated_by_its_sureness()
    {
        // Its weights are so small that every class has a tenth: right in a tenth of the cases.
        using CnnModel model = Fixtures.NewModel("LeNet5");
        foreach (string name in model.Weights.Names)
        {
            Fixtures.Backend.Write(model.Weights[name], new float[model.Weights[name].Count]);
        }

        Assert.Equal(0, Test(model, 50).CalibrationError, 1e-6);
        Fixtures.Backend.Write(model.Weights["fc3.bias"], [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal((Math.Exp(3) / (Math.Exp(3) + 9)) - 0.1, Test(model, 50).CalibrationError, 1e-6);
    }

    [Theory]
    [InlineData(TestTimeAugmentation.Flip)]
    [InlineData(TestTimeAugmentation.Crops)]
    [InlineData(TestTimeAugmentation.FlipCrops)]
    public void Views_of_an_image_are_averaged(TestTimeAugmentation augmentation)
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Fixtures.Train(model, new() { Epochs = 2, Threads = 1 });

        Evaluation seven = Test(model, 7, augmentation), plain = Test(model, 50);

        Assert.Equal(Test(model, 50, augmentation).Loss, seven.Loss, 1e-6);
        Assert.NotEqual(plain.Loss, seven.Loss, 1e-4);
        Assert.Equal(augmentation, seven.TestTimeAugmentation);
    }

    private static Evaluation Test(CnnModel model, int batchSize, TestTimeAugmentation augmentation = TestTimeAugmentation.None) =>
        Evaluator.Test(
            model, Fixtures.Data, EvaluationSplit.Test, Device.Cpu, batchSize, threads: 1, CancellationToken.None, augmentation);
}
