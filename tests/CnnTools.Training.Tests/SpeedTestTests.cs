using System.Diagnostics;
using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Training;
using CnnTools.Zoo;

namespace CnnTools.Tests;

public sealed class SpeedTestTests
{
    private static readonly IBackend Backend = Fixtures.Backend;

    [Fact]
    public void Both_phases_are_timed_and_nothing_is_left_behind()
    {
        long before = Fixtures.CountLiveHandles();
        List<SpeedProgress> progress = [];
        using (SpeedTest test = new(Backend, "net", Network("LeNet5"), Device.Cpu))
        {
            Stopwatch clock = Stopwatch.StartNew();
            Speed speed = test.Run(4, threads: 1, progress.Add);
            double seconds = clock.Elapsed.TotalSeconds;

            // Half of the repeats at least took no less than the median, whatever else the machine does.
            Assert.Equal(1, speed.Threads);
            Assert.InRange(speed.Evaluation, progress.Count(p => p.Phase == "evaluation") * 4 / 2 / seconds, 1e7);
            Assert.InRange(speed.Training!.Value, progress.Count(p => p.Phase == "training") * 4 / 2 / seconds, 1e7);
        }

        Assert.Equal(["evaluation", "training"], progress.Select(p => p.Phase).Distinct());
        Assert.All(progress.GroupBy(p => p.Phase), phase => Assert.True(phase.Max(p => p.Repeat) >= 5));
        Assert.Equal(before, Backend.LiveHandles);
    }

    [Fact]
    public void Without_a_row_of_logits_there_is_no_training()
    {
        using SpeedTest test = new(
            Backend, "headless", new GraphBuilder(new Shape(1, 8, 8)).Then("conv", new Conv2d(2, 3)).Build(), Device.Cpu);
        Speed speed = test.Run(2, 1);
        Assert.True(speed.Evaluation > 0);
        Assert.Null(speed.Training);
    }

    [Fact]
    public void Auxiliary_outputs_are_trained_too()
    {
        using SpeedTest test = new(Backend, "two heads", new GraphBuilder(new Shape(1, 8, 8))
            .Then("flat", new Flatten()).Then("head", new Linear(3)).Auxiliary(0.3)
            .From("flat").Then("drop", new Dropout(0.5)).Then("fc", new Linear(3)).Build(), Device.Cpu);
        Assert.True(test.Run(2, 1).Training > 0);
    }

    [Fact]
    public void What_cannot_be_measured_is_refused_beforehand()
    {
        Assert.Equal("NoImages", Assert.Throws<CnnException>(() => new SpeedTest(
            Backend, "rows", new GraphBuilder(new Shape(5)).Then("fc", new Linear(2)).Build(), Device.Cpu)).Id);
        using SpeedTest test = new(Backend, "net", Network("SimpleCnn"), Device.Cpu);
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(() => test.Run(0, 1)).Id);
        CnnException error = Assert.Throws<CnnException>(() => test.Run(int.MaxValue, 1));
        Assert.Contains("2739137", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_fit_is_refused_with_a_batch_that_would()
    {
        GraphBuilder network = new(new Shape(1, 28, 28));
        for (int i = 0; i < 10; i++)
        {
            network.Then($"conv{i}", new Conv2d(64, 3) { Padding = 1 });
        }

        using SpeedTest test = new(
            Backend, "deep", network.Then("pool", new AdaptiveAvgPool2d(1)).Then("flat", new Flatten()).Build(), Device.Cpu);

        // 6 TB.
        CnnException error = Assert.Throws<CnnException>(() => test.Run(2_700_000, 1));
        Assert.Equal("NotEnoughMemory", error.Id);
        Assert.Matches("-BatchSize, [1-9][0-9]* at most", error.Remedy);
    }

    [Fact]
    public void It_stops_between_two_batches()
    {
        using SpeedTest test = new(Backend, "net", Network("LeNet5"), Device.Cpu);
        foreach (string phase in (string[])["evaluation", "training"])
        {
            using CancellationTokenSource stop = new();
            List<SpeedProgress> progress = [];
            Assert.Throws<OperationCanceledException>(() => test.Run(1, 1, Stop, stop.Token));
            Assert.Equal(2, progress.Count(p => p.Phase == phase));

            void Stop(SpeedProgress step)
            {
                progress.Add(step);
                if (step.Phase == phase && step.Repeat == 2)
                {
                    stop.Cancel();
                }
            }
        }

        Assert.True(test.Run(1, 1).Training > 0); // the threads were let go
    }

    [Fact]
    public void A_measurement_tells_what_the_network_says()
    {
        Graph graph = Network("SimpleCnn");
        ModelMeasurement measurement = ModelMeasurement.Of("net", graph);

        Assert.Equal((220_234, 220_234, graph.MultiplyAdds), (measurement.Parameters, measurement.TrainableParameters, measurement.Macs));
        Assert.Equal(4 * 220_234, measurement.ModelBytes);

        // conv1, relu1 and pool1 with its indices (two values each), the same for conv2, then flatten, fc1, relu3, fc2.
        Assert.Equal(4.0 * (784 + (2 * 25_088) + (3 * 6_272) + (2 * 12_544) + (3 * 3_136) + 3_136 + 64 + 64 + 10), measurement.TrainingBytes);
        Assert.Equal(4.0 * 2 * 25_088, measurement.EvaluationBytes); // into and out of relu1
        Assert.Null(measurement.BatchSize);
    }

    [Fact]
    public void Running_statistics_have_a_size_and_are_not_trained()
    {
        Graph graph = new GraphBuilder(new Shape(3, 4, 4)).Then("norm", new BatchNorm2d()).Build();
        ModelMeasurement measurement = ModelMeasurement.Of("net", graph);
        Assert.Equal((6, 48), (measurement.Parameters, measurement.ModelBytes));
    }

    [Fact]
    public void A_live_model_counts_what_a_training_would_change()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Assert.Equal(model.Parameters, model.TrainableParameters);
    }

    private static Graph Network(string name)
    {
        Architecture architecture = Catalog.Get(name);
        return architecture.Build(architecture.Input, architecture.Classes);
    }
}
