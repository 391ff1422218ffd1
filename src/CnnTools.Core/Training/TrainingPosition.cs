using System.Text.Json.Serialization;

namespace CnnTools.Training;

/// <summary>
/// Where a training stands between two steps: enough, with the weights, the optimizer and the dropout generator, to go
/// on as if it had never stopped.
/// </summary>
public sealed record TrainingPosition
{
    /// <summary>Epochs completed.</summary>
    public int Epoch { get; set; }

    /// <summary>Batches done of the running epoch.</summary>
    public int Batch { get; set; }

    /// <summary>Steps since the training began.</summary>
    public long Step { get; set; }

    /// <summary>The order generator's state when the running epoch began: its permutation is drawn from here.</summary>
    public ulong[] Order { get; set; } = [];

    /// <summary>Sum over the running epoch's images of their batch's mean loss.</summary>
    public double LossSum { get; set; }

    public int Correct { get; set; }

    public int Seen { get; set; }

    /// <summary>Sum and number of the batch losses since the last step record.</summary>
    public double LogLossSum { get; set; }

    public int LogBatches { get; set; }

    /// <summary>Seconds that the running epoch has trained.</summary>
    public double Seconds { get; set; }

    /// <summary>The state of a plateau schedule; null for the others, and before its first figure.</summary>
    public Plateau? Plateau { get; set; }

    /// <summary>The state of the generator of mixup and CutMix; null where there is neither.</summary>
    public ulong[]? Mixing { get; set; }

    /// <summary>What was chosen so far; null where nothing is.</summary>
    public Selection? Selection { get; set; }

    /// <summary>Whether a training could stand here: what a damaged file says may not be so.</summary>
    [JsonIgnore]
    public bool IsValid =>
        this is { Epoch: >= 0, Batch: >= 0, Step: >= 0, Seen: >= 0, Correct: >= 0, LogBatches: >= 0, Order.Length: 4 }
            && Seen > 0 == Batch > 0 && Correct <= Seen && Order.Any(word => word != 0)
            && (Mixing is null || (Mixing.Length == 4 && Mixing.Any(word => word != 0)));

    /// <summary>Adds a batch's figures.</summary>
    public void Count(float loss, int correct, int images)
    {
        Batch++;
        Step++;
        LossSum += (double)loss * images;
        Correct += correct;
        Seen += images;
        LogLossSum += loss;
        LogBatches++;
    }

    /// <summary>Moves on to the next epoch, whose permutation begins at this state of the order generator.</summary>
    public void EndEpoch(RandomStream order)
    {
        Epoch++;
        (Batch, LossSum, Correct, Seen, LogLossSum, LogBatches, Seconds) = (0, 0, 0, 0, 0, 0, 0);
        Order = StateOf(order);
    }

    public static ulong[] StateOf(RandomStream stream) =>
        [stream.State.S0, stream.State.S1, stream.State.S2, stream.State.S3];

    public static void Restore(RandomStream stream, ulong[] state) => stream.State = (state[0], state[1], state[2], state[3]);
}
