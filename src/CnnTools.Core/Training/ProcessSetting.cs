using CnnTools.Backends;

namespace CnnTools.Training;

/// <summary>A setting of a backend that is one for the whole process: what runs at once must agree on it.</summary>
/// <param name="inUse">The error where another value, the second, is in use.</param>
internal sealed class ProcessSetting<T>(Func<IBackend, T> get, Action<IBackend, T> set, Func<T, T, CnnException> inUse)
    where T : struct, IEquatable<T>
{
    private readonly Lock _gate = new();
    private int _users;

    /// <summary>What is set when its last user is gone; null leaves it as it was.</summary>
    public T? Otherwise { get; init; }

    /// <summary>Sets it until the result is disposed.</summary>
    /// <exception cref="CnnException">Something that runs now has it otherwise.</exception>
    public IDisposable Use(IBackend backend, T value)
    {
        lock (_gate)
        {
            if (_users == 0)
            {
                set(backend, value);
            }
            else if (get(backend) is var current && !current.Equals(value))
            {
                throw inUse(value, current);
            }

            _users++;
            return new Lease(this, backend);
        }
    }

    /// <summary>The same with the value in use, and this one where nobody uses it.</summary>
    public IDisposable UseCurrentOr(IBackend backend, T value)
    {
        lock (_gate)
        {
            return Use(backend, _users > 0 ? get(backend) : value);
        }
    }

    private void Leave(IBackend backend)
    {
        lock (_gate)
        {
            if (--_users == 0 && Otherwise is { } value)
            {
                set(backend, value);
            }
        }
    }

    private sealed class Lease(ProcessSetting<T> setting, IBackend backend) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                setting.Leave(backend);
            }
        }
    }
}
