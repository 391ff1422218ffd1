namespace CnnTools.Training;

/// <summary>A training that has not run yet.</summary>
public interface ITraining
{
    /// <summary>Yields each record once what it tells is on the disk; see <see cref="TrainingLoop.Run"/>.</summary>
    /// <exception cref="CnnException">The training cannot begin or go on.</exception>
    IEnumerable<ITrainingRecord> Run(CancellationToken stop);
}
