// SPDX-License-Identifier: Apache-2.0
#include "command.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace offlineimap::core {

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t max_output = std::size_t {64} * 1024;

[[noreturn]] void fail(std::string_view what)
{
    throw Error(Errc::io, concat(what, ": ", lower(std::generic_category().message(errno))));
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) { }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) { }
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() { close(); }
    [[nodiscard]] int get() const noexcept { return number_; }
    void close() noexcept
    {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }

private:
    int number_;
};

struct Pipe {
    Descriptor from, to;
};

Pipe make_pipe()
{
    std::array<int, 2> ends {};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("make a pipe for a command");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// A file without a name, so that whoever reads it, or does not, holds nobody up.
Descriptor input_of(std::string_view text)
{
    if (text.empty()) return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    Descriptor file(::memfd_create("command-input", MFD_CLOEXEC));
    while (file.get() >= 0 && !text.empty()) {
        const auto size = ::write(file.get(), text.data(), text.size());
        if (size < 0) fail("write what a command reads");
        text.remove_prefix(static_cast<std::size_t>(size));
    }
    if (file.get() < 0 || ::lseek(file.get(), 0, SEEK_SET) != 0) fail("write what a command reads");
    return file;
}

std::vector<std::string> environment_of(const Command& command)
{
    const auto is_replaced = [&](std::string_view entry) {
        const auto name = entry.substr(0, entry.find('='));
        return std::ranges::any_of(
            command.environment, [&](const auto& variable) { return variable.first == name; });
    };
    std::vector<std::string> out;
    for (char** entry = environ; *entry != nullptr; ++entry)
        if (!is_replaced(*entry)) out.emplace_back(*entry);
    for (const auto& [name, value] : command.environment)
        out.push_back(concat(name, "=", value));
    return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings)
{
    std::vector<char*> out;
    out.reserve(strings.size() + 1);
    for (auto& string : strings)
        out.push_back(string.data());
    out.push_back(nullptr);
    return out;
}

/// The threads of the core may block signals; a command starts with none blocked or ignored.
class Attributes {
public:
    Attributes()
    {
        ::posix_spawnattr_init(&attributes_);
        sigset_t signals {};
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT})
            ::sigaddset(&signals, signal);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    [[nodiscard]] const posix_spawnattr_t* get() const noexcept { return &attributes_; }

private:
    posix_spawnattr_t attributes_ {};
};

class FileActions {
public:
    FileActions(int input, int output, Complaints complaints)
    {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        if (complaints == Complaints::to_output)
            ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

private:
    posix_spawn_file_actions_t actions_ {};
};

/// A running command that is gone, one way or the other, when this is.
class Child {
public:
    Child(const Command& command, int input, int output)
    {
        std::vector<std::string> words {"sh", "-c", command.text};
        auto environment = environment_of(command);
        const FileActions actions(input, output, command.complaints);
        const Attributes attributes;
        errno = ::posix_spawn(
            &pid_, "/bin/sh", actions.get(), attributes.get(), pointers(words).data(),
            pointers(environment).data());
        if (errno != 0) fail("start /bin/sh");
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child()
    {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGTERM);
        for (const auto patience = Clock::now() + 1s; Clock::now() < patience && !has_ended();)
            std::this_thread::sleep_for(5ms);
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    bool has_ended()
    {
        const auto ended = ::waitpid(pid_, &status_, WNOHANG);
        if (ended == 0 || (ended < 0 && errno == EINTR)) return false;
        pid_ = 0;
        return true;
    }
    [[nodiscard]] int exit_code() const noexcept
    {
        return WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
    }

private:
    pid_t pid_ = 0;
    int status_ = -1;
};

/// How long the command may still take, and whether it is still wanted.
class Patience {
public:
    explicit Patience(const Command& command) : cancel_(command.cancel)
    {
        if (command.timeout) deadline_ = Clock::now() + *command.timeout;
    }

    /// Throws when it is at its end.
    void check() const
    {
        if (cancel_ != nullptr) cancel_->check();
        if (deadline_ && Clock::now() >= *deadline_) throw Error(Errc::timeout, "it took too long");
    }
    /// For poll().
    [[nodiscard]] int left() const
    {
        if (!deadline_) return -1;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - Clock::now());
        return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
    }
    [[nodiscard]] int descriptor() const { return cancel_ != nullptr ? cancel_->fd() : -1; }

private:
    const Cancel* cancel_;
    std::optional<Clock::time_point> deadline_;
};

/// Everything until the output ends. What comes after a reasonable length is read and dropped.
std::string read_output(int descriptor, const Patience& patience)
{
    std::string output;
    for (;;) {
        std::array<pollfd, 2> waits {{{descriptor, POLLIN, 0}, {patience.descriptor(), POLLIN, 0}}};
        const int ready = ::poll(waits.data(), waits.size(), patience.left());
        patience.check();
        if (ready < 0 && errno != EINTR) fail("wait for a command");
        if (ready <= 0) continue;
        std::array<char, 4096> buffer {};
        const auto count = ::read(descriptor, buffer.data(), buffer.size());
        if (count == 0) return output;
        if (count < 0 && errno != EINTR) fail("read from a command");
        if (count > 0)
            output.append(
                buffer.data(),
                std::min(static_cast<std::size_t>(count), max_output - output.size()));
    }
}

/// It may close its output before it ends.
void wait_for_end(Child& child, const Patience& patience)
{
    while (!child.has_ended()) {
        patience.check();
        std::this_thread::sleep_for(5ms);
    }
}

[[noreturn]] void fail_for_secret(std::string_view what)
{
    throw Error(Errc::auth, concat("run the command for a secret: ", what));
}

}  // namespace

CommandResult run_command(const Command& command)
{
    const Patience patience(command);
    auto pipe = make_pipe();
    const auto input = input_of(command.input);
    Child child(command, input.get(), pipe.to.get());
    pipe.to.close();
    CommandResult result;
    result.output = read_output(pipe.from.get(), patience);
    wait_for_end(child, patience);
    result.exit_code = child.exit_code();
    return result;
}

std::string
first_line_of(const std::string& command, std::chrono::milliseconds timeout, const Cancel* cancel)
{
    CommandResult result;
    try {
        result = run_command(
            {.text = command,
             .complaints = Complaints::to_ours,
             .timeout = timeout,
             .cancel = cancel});
    } catch (const Error& error) {
        if (error.code() == Errc::cancelled) throw;
        fail_for_secret(error.what());
    }
    if (result.exit_code > 128)
        fail_for_secret(concat("it was ended by signal ", std::to_string(result.exit_code - 128)));
    if (result.exit_code != 0)
        fail_for_secret(concat("it ended with status ", std::to_string(result.exit_code)));
    const auto line = trimmed(split(result.output, '\n').front());
    if (line.empty()) fail_for_secret("its first line is empty");
    return std::string(line);
}

}  // namespace offlineimap::core
