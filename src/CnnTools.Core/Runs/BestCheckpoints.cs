using CnnTools.Training;

namespace CnnTools.Runs;

/// <summary>
/// The checkpoints of the best epochs: copies of what the last one was, the best under the name that it is given, the others
/// with a number: best.safetensors, best2.safetensors and so on.
/// </summary>
internal static class BestCheckpoints
{
    /// <param name="place">From 0.</param>
    public static string PathOf(string best, int place) => place == 0
        ? best
        : $"{Path.ChangeExtension(best, null)}{place + 1}{Path.GetExtension(best)}";

    /// <exception cref="CnnException">One of them is there already.</exception>
    public static void RequireAbsent(string best, int keep)
    {
        if (Enumerable.Range(0, keep).Select(place => PathOf(best, place)).FirstOrDefault(File.Exists) is { } path)
        {
            throw Errors.FileExists(path, "Use -Force to replace it, or give another -CheckpointPath.");
        }
    }

    /// <summary>Removes what an earlier training kept: by its steps it could be taken for this one's.</summary>
    /// <exception cref="CnnException">A file cannot be removed.</exception>
    public static void Remove(string best)
    {
        for (int place = 0; File.Exists(PathOf(best, place)); place++)
        {
            string path = PathOf(best, place);
            try
            {
                File.Delete(path);
            }
            catch (Exception exception) when (FilePlace.IsFileError(exception))
            {
                throw Errors.CannotWrite(path, exception);
            }
        }
    }

    /// <summary>
    /// Puts the files in the order of the epochs that are kept; the one that is new is a copy of the last checkpoint. Whatever
    /// moment a process was killed at, done again it comes to the same.
    /// </summary>
    /// <param name="last">The last checkpoint, which knows of these epochs.</param>
    /// <param name="step">Where it stands.</param>
    /// <exception cref="CnnException">A file cannot be written.</exception>
    public static void Arrange(string best, string last, long step, IReadOnlyList<KeptEpoch> kept)
    {
        // From behind: each place is free before another file comes to it.
        for (int place = kept.Count - 1; place >= 0; place--)
        {
            string path = PathOf(best, place);
            try
            {
                Fill(path, kept[place].Step, [.. Enumerable.Range(0, place).Select(earlier => PathOf(best, earlier))]);
            }
            catch (Exception exception) when (FilePlace.IsFileError(exception))
            {
                throw Errors.CannotWrite(path, exception);
            }
        }

        void Fill(string path, long wanted, string[] earlier)
        {
            if (TrainingCheckpoint.StepOf(path) == wanted)
            {
                return;
            }

            if (earlier.FirstOrDefault(other => TrainingCheckpoint.StepOf(other) == wanted) is { } found)
            {
                File.Move(found, path, overwrite: true);
            }
            else if (wanted == step)
            {
                AtomicFile.Write(path, copy =>
                {
                    using FileStream source = File.OpenRead(last);
                    source.CopyTo(copy);
                });
            }
            else
            {
                // Somebody took it away: better none than another epoch's.
                File.Delete(path);
            }
        }
    }
}
