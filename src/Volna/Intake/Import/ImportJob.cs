using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using Volna.Intake.Files;
using Volna.Intake.History;
using Volna.Intake.Keys;
using Volna.Kernels;

namespace Volna.Intake.Import;

/// <summary>
/// Imports files. One thread reads and checks rows while another stores the chunk before. A chunk is first written where it isn't visible yet; one
/// commit in the state database then makes it visible and moves the file's checkpoint. So an import that was killed anywhere goes on behind its
/// last checkpoint, and ends as if nothing had happened.
/// </summary>
public sealed class ImportJob
{
    const int RowsBetweenReports = 1 << 14;

    readonly DataFolder _folder;
    readonly StateStore _state;
    readonly HistoryStore _history;
    readonly BatchStore _batches;
    readonly ImportRequest _request;
    readonly DateTime _now;
    readonly IProgress<StepProgress>? _progress;
    readonly CancellationToken _stop;
    KeysStore? _keys;

    ImportJob(DataFolder folder, StateStore state, HistoryStore history, ImportRequest request, DateTime now, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        (_folder, _state, _history, _request, _now, _progress, _stop) = (folder, state, history, request, now, progress, stop);
        _batches = new BatchStore(state);
    }

    /// <summary>Imports files, each by itself: one that can't be read doesn't keep the others from coming in.</summary>
    /// <param name="now">Wall clock.</param>
    /// <exception cref="BadInputException">Another import is running.</exception>
    public static ImportResult Run(
        DataFolder folder, StateStore state, ImportRequest request, DateTime now, IProgress<StepProgress>? progress = null, CancellationToken stop = default)
    {
        using var onlyOne = Lock(folder);
        using var history = HistoryStore.Open(folder, state);
        return new ImportJob(folder, state, history, request, now, progress, stop).Run();
    }

    ImportResult Run()
    {
        var started = Stopwatch.GetTimestamp();
        if (!_request.DryRun)
        {
            _history.CleanUp(_now);
            KnownReceiptStore.CleanUp(_folder, _history.NextSegment());
        }

        var results = new FileResult[_request.Files.Length];
        foreach (var (index, path, _) in _request.Files
            .Select((path, index) => (Index: index, Path: path, Order: OrderOf(path)))
            .OrderBy(file => file.Order))
        {
            results[index] = RunFile(path);
            if (results[index].Outcome == FileOutcome.TooManyErrors) break;
        }

        if (!_request.DryRun) _history.Compact(_now, _progress, _stop);
        return new ImportResult([.. results.Where(result => result is not null)], Stopwatch.GetElapsedTime(started));
    }

    /// <summary>What others refer to comes first: products before their prices, whatever the order on the command line.</summary>
    int OrderOf(string path) => KindOf(Path.GetFileName(path)) is { } kind ? FileKinds.All.IndexOf(kind) : 0;

    FileKind? KindOf(string fileName)
    {
        if (_request.Mapping.For(fileName) is { } mapping) return FileKinds.Find(mapping.Kind);
        return _request.Kind is { } kind ? FileKinds.Find(kind) : FileKinds.OfFileName(fileName);
    }

    FileResult RunFile(string path)
    {
        var started = Stopwatch.GetTimestamp();
        var kindName = "";
        try
        {
            var name = Path.GetFileName(path);
            if (!Path.Exists(path)) throw new BadInputException("file-missing", new Text($"{path}: there is no such file.", $"{path}: такого файла нет."));
            var kind = KindOf(name) ?? throw UnknownKind(path);
            kindName = kind.Format.Kind;
            var mapping = _request.Mapping.For(name) ?? Layout.Native(kind.Format);
            using var feed = TableFeed.Open(path, mapping, kind.Format);
            var digest = Digest(path, mapping);
            var batch = _batches.Find(digest);
            if (batch?.State == BatchState.Done)
            {
                if (kind.OnlyAdds || _batches.StillHolds(batch, kindName)) return Result(path, kind, FileOutcome.KnownAlready, Checkpoint.Start, null, null);
                if (!_request.DryRun) _batches.Forget(batch.Number);
                batch = null;
            }

            var number = _request.DryRun ? batch?.Number ?? 0 : _batches.Begin(digest, kindName, name);
            var file = new FileRun(this, feed, kind, number, batch?.Checkpoint ?? Checkpoint.Start, name);
            using (file) return file.Run();
        }
        catch (BadInputException bad)
        {
            // Keys of rows that weren't kept are forgotten with them.
            _keys = null;
            return new FileResult(path, kindName, FileOutcome.Failed, 0, 0, Checkpoint.Start.Rejected, Stopwatch.GetElapsedTime(started), null, Hinted(bad, Path.GetFileName(path)));
        }

        FileResult Result(string file, FileKind kind, FileOutcome outcome, Checkpoint at, string? rejects, Text? failure) =>
            new(file, kind.Format.Kind, outcome, at.RowsRead, at.RowsStored, at.Rejected, Stopwatch.GetElapsedTime(started), rejects, failure);
    }

    /// <summary>Whoever reads an export as our own form needs the way out.</summary>
    Text Hinted(BadInputException bad, string name) => bad.Code is "header-unreadable" or "column-missing" && _request.Mapping.For(name) is null
        ? new Text(
            $"{bad.Sentence.English.TrimEnd('.')}; files with another encoding, delimiter or columns are read with --mapping (`volna schema --templates DIR` writes one to start from).",
            $"{bad.Sentence.Russian.TrimEnd('.')}; файлы с другой кодировкой, разделителем или колонками читаются с --mapping (образец записывает `volna schema --templates ПАПКА`).")
        : bad.Sentence;

    /// <summary>The import of one file.</summary>
    sealed class FileRun : IDisposable
    {
        readonly ImportJob _job;
        readonly TableFeed _feed;
        readonly FileKind _kind;
        readonly int _batch;
        readonly Checkpoint _resumed;
        readonly KeysStore _keys;
        readonly IRowTaker _taker;
        readonly RejectsFeed _rejects;
        readonly long[] _rejected = new long[Enum.GetValues<RejectReason>().Max(reason => (int)reason) + 1];
        Checkpoint _reached;
        Task _storing = Task.CompletedTask;
        long _read;
        long _stored;
        long _errors;

        public FileRun(ImportJob job, TableFeed feed, FileKind kind, int batch, Checkpoint resumed, string name)
        {
            (_job, _feed, _kind, _batch, _resumed, _reached) = (job, feed, kind, batch, resumed, resumed);
            _keys = job._keys ??= KeysStore.Load(job._state);
            _taker = kind.Open(feed.Layout, new FileContext(job._folder, job._state, _keys.Tables, job._history, batch, job._now));
            _rejects = new RejectsFeed($"{job._folder.Rejects}/{batch:0000}-{kind.Format.Kind}.csv", name, job._request.Language, resumed.RejectsBytes);
            (_read, _stored) = (resumed.RowsRead, resumed.RowsStored);
            foreach (var (reason, count) in resumed.Rejected)
            {
                _rejected[(int)reason] = count;
                if (!reason.Meaning().IsExpected) _errors += count;
            }
        }

        public FileResult Run()
        {
            var started = Stopwatch.GetTimestamp();
            var step = new Text($"Reading {Path.GetFileName(_feed.Path)}", $"Чтение {Path.GetFileName(_feed.Path)}");
            var unit = new Text("rows", "строк");
            if (_resumed.Offset > 0) _feed.Skip(_resumed.Offset, _resumed.Line);
            var row = new Row(_feed.Layout);
            var chunkRows = Math.Min(_job._request.ChunkRows, _kind.MostChunkRows);
            var chunkEnd = _read + chunkRows;
            try
            {
                while (_feed.Read(row))
                {
                    _read++;
                    if (!row.IsRejected) _taker.Take(row);
                    if (row.IsRejected)
                    {
                        Reject(row);
                        if (_errors > MostErrors) return TooManyErrors(started);
                    }
                    else
                    {
                        _stored++;
                    }

                    if (_read % RowsBetweenReports == 0)
                    {
                        _job._stop.ThrowIfCancellationRequested();
                        var share = _feed.ShareRead;
                        _job._progress?.Report(new StepProgress(step, _read, share > 0 ? (long)(_read / share) : null, unit));
                    }

                    if (_read != chunkEnd) continue;
                    Store(BatchState.Running);
                    chunkEnd += chunkRows;
                }

                Store(BatchState.Done);
                _storing.GetAwaiter().GetResult();
                _job._progress?.Report(new StepProgress(step, _read, _read, unit));
                return Result(FileOutcome.Done, started, null);
            }
            finally
            {
                // Whatever ends the reading, the chunk in work is brought to its end.
                _storing.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
            }
        }

        public void Dispose()
        {
            _taker.Dispose();
            _rejects.Dispose();
        }

        long MostErrors => _job._request.MaxErrors ?? Math.Max(1_000, _read / 100);

        void Reject(Row row)
        {
            _rejected[(int)row.Reason!.Value]++;
            if (!row.Reason.Value.Meaning().IsExpected) _errors++;
            if (!_job._request.DryRun) _rejects.Add(row);
        }

        /// <summary>Hands the chunk to the storing thread, once that has stored the one before.</summary>
        void Store(BatchState state)
        {
            var chunk = _taker.TakeChunk();
            var newKeys = _keys.TakeNew();
            var rejectsBytes = _job._request.DryRun ? 0 : _rejects.Flush();
            var rejected = _rejected.Select((count, reason) => (Reason: (RejectReason)reason, Count: count)).Where(entry => entry.Count > 0);
            var to = new Checkpoint(
                _read, _stored, _feed.Line, _feed.Offset, rejectsBytes, rejected.ToImmutableSortedDictionary(entry => entry.Reason, entry => entry.Count));
            _storing.GetAwaiter().GetResult();
            _job._stop.ThrowIfCancellationRequested();
            if (_job._request.DryRun)
            {
                _reached = to;
                return;
            }

            _storing = Task.Run(() =>
            {
                chunk.Prepare();
                using var connection = _job._state.Connect();
                using var transaction = connection.BeginTransaction(deferred: false);
                KeysStore.Save(newKeys, transaction);
                chunk.Save(transaction);
                BatchStore.Move(_batch, to, state, transaction);
                transaction.Commit();
                _reached = to;
            });
        }

        FileResult TooManyErrors(long started)
        {
            _storing.GetAwaiter().GetResult();
            if (!_job._request.DryRun)
            {
                _rejects.Flush();
                _job._batches.Stop(_batch);
            }

            _job._keys = null;
            var path = _feed.Path;
            var places = _job._request.DryRun ? new Text("", "") : new Text($"; they are listed in {_rejects.Path}", $"; они перечислены в {_rejects.Path}");
            return Result(FileOutcome.TooManyErrors, started, new Text(
                $"{path}: stopped at line {_feed.Line} after {_errors} wrong rows (limit {MostErrors}, --max-errors){places.English}; {_reached.RowsRead} rows before are kept, the same command goes on behind them.",
                $"{path}: остановлено на строке {_feed.Line}: ошибочных строк {_errors} (предел {MostErrors}, --max-errors){places.Russian}; предыдущие строки ({_reached.RowsRead}) сохранены, та же команда продолжит после них."));
        }

        FileResult Result(FileOutcome outcome, long started, Text? failure) => new(
            _feed.Path, _kind.Format.Kind, outcome, _reached.RowsRead, _reached.RowsStored, _reached.Rejected, Stopwatch.GetElapsedTime(started),
            _job._request.DryRun || !File.Exists(_rejects.Path) ? null : _rejects.Path, failure);
    }

    /// <summary>
    /// Known by its bytes and by how they are read: with a corrected mapping the same file is another one. Guards against accidents, so a fast hash will do.
    /// </summary>
    static string Digest(string path, FileMapping mapping)
    {
        var hash = Hash64.Of(mapping.Canonical());
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var buffer = new byte[1 << 20];
        int read;
        while ((read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0) hash = Hash64.Of(buffer.AsSpan(0, read), seed: hash);
        return string.Create(CultureInfo.InvariantCulture, $"{hash:x16}-{file.Length}");
    }

    /// <summary>Held while an import runs; the system lets go of it when the process ends, however that happens.</summary>
    internal static FileStream Lock(DataFolder folder)
    {
        Directory.CreateDirectory(folder.Root);
        try
        {
            return new FileStream($"{folder.Root}/import.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not DirectoryNotFoundException && e.HResult != NoSpace)
        {
            throw new BadInputException("import-running", new Text(
                $"{folder.Root}: another import is running; wait for its end.", $"{folder.Root}: уже идёт другая загрузка; дождитесь её окончания."));
        }
    }

    const int NoSpace = 28;

    static BadInputException UnknownKind(string path)
    {
        var kinds = string.Join(", ", FileKinds.All.Select(kind => kind.Format.Kind));
        return new BadInputException("kind-unknown", new Text(
            $"{path}: its name doesn't tell what it holds; name it KIND*.csv or give --kind or --mapping; kinds: {kinds}.",
            $"{path}: по имени не понять, что в файле; назовите его ВИД*.csv либо укажите --kind или --mapping; виды: {kinds}."));
    }
}
