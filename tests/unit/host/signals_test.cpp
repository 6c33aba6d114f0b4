// SPDX-License-Identifier: Apache-2.0
#include "core/host/signals.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <functional>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace offlineimap::core {
namespace {

/// Tells the parent process what it is told.
class Teller final : public SignalListener {
public:
    explicit Teller(int to) : to_(to) { }
    void say(const std::string& line) const noexcept
    {
        const auto text = line + "\n";
        [[maybe_unused]] const auto written = ::write(to_, text.data(), text.size());
    }
    void stop(int signal, unsigned times) override
    {
        say("stop " + std::to_string(signal) + " " + std::to_string(times));
    }
    void last_chance(int signal) noexcept override
    {
        say("last " + std::to_string(signal));
        if (hangs) ::pause();
    }
    void sync_now() override { say("now"); }
    void stop_after_sync() override { say("after"); }

    std::atomic<bool> hangs = false;

private:
    int to_;
};

/// A child process that runs `body`, and what it says.
class Child {
public:
    explicit Child(const std::function<void(Teller&)>& body)
    {
        std::array<int, 2> ends = {};
        if (::pipe(ends.data()) != 0) throw std::runtime_error("pipe");
        process_ = ::fork();
        if (process_ == 0) {
            ::alarm(20);  // a test that fails must not wait for ever
            Teller teller(ends[1]);
            body(teller);
            ::_exit(0);
        }
        ::close(ends[1]);
        from_ = ends[0];
    }
    ~Child() { ::close(from_); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void send(int signal) const { ::kill(process_, signal); }
    std::string line() const
    {
        std::string text;
        for (char c = 0; ::read(from_, &c, 1) == 1 && c != '\n';)
            text += c;
        return text;
    }
    int status() const
    {
        int status = 0;
        ::waitpid(process_, &status, 0);
        return status;
    }

private:
    pid_t process_ = -1;
    int from_ = -1;
};

void wait_for_ever(Teller& teller)
{
    const StopSignals signals(teller);
    teller.say("ready");
    for (;;)
        ::pause();
}

std::string word(const char* what, int signal)
{
    return std::string(what) + " " + std::to_string(signal);
}

TEST(StopSignals, stops_in_three_steps)
{
    const Child child(wait_for_ever);
    EXPECT_EQ(child.line(), "ready");
    child.send(SIGTERM);
    EXPECT_EQ(child.line(), word("stop", SIGTERM) + " 1");
    child.send(SIGHUP);
    EXPECT_EQ(child.line(), word("stop", SIGHUP) + " 2");
    child.send(SIGINT);
    EXPECT_EQ(child.line(), word("last", SIGINT));
    const auto status = child.status();
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 128 + SIGINT);
}

TEST(StopSignals, a_fourth_request_needs_no_listener)
{
    const Child child([](Teller& teller) {
        teller.hangs = true;
        wait_for_ever(teller);
    });
    EXPECT_EQ(child.line(), "ready");
    for (int i = 0; i < 3; ++i) {
        child.send(SIGTERM);
        EXPECT_NE(child.line(), "");
    }
    child.send(SIGTERM);
    const auto status = child.status();
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 128 + SIGTERM);
}

TEST(StopSignals, steers)
{
    const Child child(wait_for_ever);
    EXPECT_EQ(child.line(), "ready");
    child.send(SIGUSR1);
    EXPECT_EQ(child.line(), "now");
    child.send(SIGUSR2);
    EXPECT_EQ(child.line(), "after");
    child.send(SIGKILL);
    child.status();
}

TEST(StopSignals, leaves_an_ignored_signal_ignored)
{
    const Child child([](Teller& teller) {
        std::signal(SIGHUP, SIG_IGN);
        wait_for_ever(teller);
    });
    EXPECT_EQ(child.line(), "ready");
    child.send(SIGHUP);
    child.send(SIGUSR1);
    EXPECT_EQ(child.line(), "now");
    child.send(SIGUSR2);  // of signals that wait together the last may be handled first
    EXPECT_EQ(child.line(), "after");
    child.send(SIGKILL);
    child.status();
}

TEST(StopSignals, a_broken_pipe_is_an_error_not_the_end)
{
    const Child child([](Teller& teller) {
        const StopSignals signals(teller);
        std::array<int, 2> ends = {};
        if (::pipe(ends.data()) != 0) return;
        ::close(ends[0]);
        teller.say(::write(ends[1], "x", 1) < 0 ? std::strerror(errno) : "written");
        // A program started from here does not inherit that.
        if (::fork() == 0)
            ::execl("/bin/sh", "sh", "-c", "kill -PIPE $$; echo alive >&$0", nullptr);
        int status = 0;
        ::wait(&status);
        teller.say(WIFSIGNALED(status) ? word("killed", WTERMSIG(status)) : "survived");
    });
    EXPECT_EQ(child.line(), "Broken pipe");
    EXPECT_EQ(child.line(), word("killed", SIGPIPE));
    child.status();
}

TEST(StopSignals, acts_as_before_when_gone)
{
    const Child child([](Teller& teller) {
        {
            const StopSignals signals(teller);
        }
        teller.say("gone");
        for (;;)
            ::pause();
    });
    EXPECT_EQ(child.line(), "gone");
    child.send(SIGTERM);
    const auto status = child.status();
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

}  // namespace
}  // namespace offlineimap::core
