using CnnTools.Runs;
using CnnTools.Statistics;
using CnnTools.Training;

namespace CnnTools.Tests;

public sealed class StatisticsTests
{
    // As published tables of the distribution have it.
    [Theory]
    [InlineData(1, 12.7062047362)]
    [InlineData(2, 4.3026527297)]
    [InlineData(3, 3.1824463053)]
    [InlineData(4, 2.7764451052)]
    [InlineData(5, 2.5705818356)]
    [InlineData(9, 2.2621571628)]
    [InlineData(30, 2.0422724563)]
    [InlineData(100, 1.9839715185)]
    [InlineData(100000, 1.9599877075)]
    public void Students_quantile_is_the_tables(int freedom, double expected) =>
        Assert.Equal(expected, StudentT.Quantile(0.975, freedom), 1e-8);

    [Fact]
    public void Students_distribution_is_symmetric_and_has_known_values()
    {
        Assert.Equal(0.5, StudentT.Cumulative(0, 7), 12);
        Assert.Equal(0.75, StudentT.Cumulative(1, 1), 12);
        Assert.Equal(0.5 + (1 / (2 * Math.Sqrt(3))), StudentT.Cumulative(1, 2), 12);
        Assert.Equal(1, StudentT.Cumulative(1.7, 6) + StudentT.Cumulative(-1.7, 6), 12);
    }

    // Newcombe 1998, table I, method 3: 81/263, 15/148, 0/20, 1/29.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilsons_interval_is_that_of_the_published_examples(int hits, int count, double lower, double upper)
    {
        Interval interval = Interval.Wilson((double)hits / count, count);

        Assert.Equal(lower, interval.Lower, 0.00005);
        Assert.Equal(upper, interval.Upper, 0.00005);
    }

    [Fact]
    public void Wilsons_interval_ends_at_one()
    {
        Interval all = Interval.Wilson(1, 20), none = Interval.Wilson(0, 20);

        Assert.Equal(1, all.Upper, 12);
        Assert.Equal(1 - none.Upper, all.Lower, 12);
    }

    [Fact]
    public void A_sample_has_mean_deviation_and_interval()
    {
        Sample sample = new([2, 4, 4, 4, 5, 5, 7, 9]);

        Assert.Equal(5, sample.Mean);
        Assert.Equal(Math.Sqrt(32.0 / 7), sample.Deviation!.Value, 12);
        Assert.Equal(2.364624252 * Math.Sqrt(32.0 / 7 / 8), sample.MeanInterval!.Value.Upper - 5, 1e-8);
        Assert.Null(new Sample([1]).Deviation);
        Assert.Null(new Sample([1]).MeanInterval);
        Assert.True(double.IsNaN(new Sample([]).Mean));
    }

    // "Student" 1908, the extra hours of sleep of ten patients by two drugs: mean difference 1.58, t = 4.0621 with 9 degrees.
    [Fact]
    public void Paired_differences_are_those_of_Students_own_example()
    {
        double[] first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        double[] second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        RunMeasurer measurer = new();
        foreach ((string model, double[] hours) in new[] { ("one", first), ("two", second) })
        {
            // In another order each: the pairs go by seed.
            foreach (int i in model == "one" ? Enumerable.Range(0, 10) : Enumerable.Range(0, 10).Reverse())
            {
                measurer.Add(Epoch($"{model}-{i}", model, seed: (ulong)i, 1, test: hours[i]));
            }
        }

        IReadOnlyList<RunGroupMeasure> groups = RunGroupMeasure.Of([.. measurer.Trainings], ["model"]);

        Assert.Equal(["Model one", "Model two"], groups.Select(group => group.Group));
        Assert.Equal(0.75, groups[0].Mean!.Value, 12);
        Assert.Equal(1.78901, groups[0].Deviation!.Value, 5);
        Assert.Equal((0, "", null), (groups[0].Pairs, groups[0].Baseline, groups[0].Difference));
        Assert.Equal((10, "Model one"), (groups[1].Pairs, groups[1].Baseline));
        Assert.Equal(1.58, groups[1].Difference!.Value, 12);
        Assert.Equal(1.229995, groups[1].DifferenceDeviation!.Value, 6);
        Assert.Equal(0.7001142, groups[1].DifferenceLower!.Value, 6);
        Assert.Equal(2.4598858, groups[1].DifferenceUpper!.Value, 6);
        Assert.Equal(-1.58, RunGroupMeasure.Of([.. measurer.Trainings], ["Model"], "model TWO")[0].Difference!.Value, 12);
    }

    [Fact]
    public void What_is_not_there_to_group_by_is_told()
    {
        RunMeasurer measurer = new();
        measurer.Add(Epoch("a", "LeNet5", 0, 1, test: 0.5));
        RunMeasure[] runs = [.. measurer.Trainings];

        Assert.Equal("UnknownSetting", Assert.Throws<CnnException>(() => RunGroupMeasure.Of(runs, ["Modell"])).Id);
        Assert.Equal("UnknownGroup", Assert.Throws<CnnException>(() => RunGroupMeasure.Of(runs, ["Model"], "x")).Id);
        Assert.Empty(RunGroupMeasure.Of([], ["Model"]));
    }

    [Fact]
    public void The_test_figure_is_that_of_the_epoch_which_validation_selects()
    {
        RunMeasurer measurer = new(testImages: 100);
        double[] validation = [0.6, 0.9, 0.9, 0.7], test = [0.61, 0.85, 0.99, 0.71];
        for (int i = 0; i < 4; i++)
        {
            measurer.Add(Epoch("a", "LeNet5", 3, i + 1, test[i], validation[i]));
        }

        RunMeasure run = Assert.Single(measurer.Trainings);

        Assert.Equal((4, 0.71, 2, 0.9, 0.85, "Validation"),
            (run.LastEpoch, run.LastTestAccuracy, run.SelectedEpoch, run.ValidationAccuracy, run.TestAccuracy, run.SelectedOn));
        Assert.Equal(Interval.Wilson(0.85, 100), new Interval(run.Lower!.Value, run.Upper!.Value));
    }

    [Fact]
    public void Without_validation_it_is_that_of_the_last_epoch_and_a_label_that_comes_again_is_another_run()
    {
        RunMeasurer measurer = new();
        foreach ((int epoch, double test) in new[] { (1, 0.9), (2, 0.8), (1, 0.7) })
        {
            measurer.Add(Epoch("a", "LeNet5", 3, epoch, test));
        }

        RunMeasure[] runs = [.. measurer.Trainings];

        Assert.Equal([0.8, 0.7], runs.Select(run => run.TestAccuracy!.Value));
        Assert.All(runs, run => Assert.Null(run.SelectedEpoch));
        Assert.All(runs, run => Assert.Null(run.Lower));
    }

    private static EpochRecord Epoch(string run, string model, ulong seed, int epoch, double test, double? validation = null) =>
        EpochLog.ReadRow(
        [
            new("Run", run), new("Model", model), new("Seed", seed), new("Epoch", epoch), new("Step", 10 * epoch),
            new("TestAccuracy", test), new("ValidationAccuracy", validation),
        ]);
}
