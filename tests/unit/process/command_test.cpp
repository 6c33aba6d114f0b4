// SPDX-License-Identifier: Apache-2.0
#include "core/process/command.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

using namespace offlineimap::core;
using namespace std::chrono_literals;
using offlineimap::Errc;
using offlineimap::Error;
using testing::EndsWith;

namespace {

template <class Call> Error error_of(Call call)
{
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    return {Errc::internal, "no error"};
}

class RequestedCancel final : public offlineimap::Cancel {
public:
    RequestedCancel()
    {
        if (::pipe(ends_) != 0 || ::write(ends_[1], "x", 1) != 1) throw std::bad_alloc();
    }
    ~RequestedCancel()
    {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    bool requested() const noexcept override { return true; }
    int fd() const noexcept override { return ends_[0]; }

private:
    int ends_[2] {-1, -1};
};

}  // namespace

TEST(Command, its_first_line_is_the_answer)
{
    EXPECT_EQ(first_line_of("echo ' a b '; echo c", 10s, nullptr), "a b");
    EXPECT_EQ(first_line_of("printf x", 10s, nullptr), "x");
    EXPECT_EQ(first_line_of("printf 'a\\r\\n'", 10s, nullptr), "a");
}

TEST(Command, it_reads_nothing_from_us)
{
    EXPECT_EQ(first_line_of("cat; echo end", 10s, nullptr), "end");
}

TEST(Command, much_output_does_no_harm)
{
    EXPECT_EQ(first_line_of("echo a; yes | head -c 1000000", 10s, nullptr), "a");
}

TEST(Command, its_failure_is_ours_and_tells_no_secret)
{
    const auto error =
        error_of([] { static_cast<void>(first_line_of("echo pw; exit 3", 10s, nullptr)); });
    EXPECT_EQ(error.code(), Errc::auth);
    EXPECT_STREQ(error.what(), "run the command for a secret: it ended with status 3");
    EXPECT_THAT(
        error_of([] { static_cast<void>(first_line_of("kill -9 $$", 10s, nullptr)); }).what(),
        EndsWith("it was ended by signal 9"));
    EXPECT_THAT(
        error_of([] { static_cast<void>(first_line_of("echo; echo x", 10s, nullptr)); }).what(),
        EndsWith("its first line is empty"));
    EXPECT_THAT(
        error_of([] {
            static_cast<void>(first_line_of("/no/such/program 2>&-", 10s, nullptr));
        }).what(),
        EndsWith("status 127"));
}

TEST(Command, it_may_not_take_too_long)
{
    EXPECT_THAT(
        error_of([] { static_cast<void>(first_line_of("exec sleep 100", 20ms, nullptr)); }).what(),
        EndsWith("it took too long"));
    EXPECT_THAT(
        error_of([] {
            static_cast<void>(first_line_of("echo x; exec sleep 100 >&-", 20ms, nullptr));
        }).what(),
        EndsWith("it took too long"));
}

TEST(Command, it_can_be_cancelled)
{
    const RequestedCancel cancel;
    const auto error =
        error_of([&] { static_cast<void>(first_line_of("exec sleep 100", 100s, &cancel)); });
    EXPECT_EQ(error.code(), Errc::cancelled);
}

TEST(Command, it_reads_its_input_and_sees_its_environment)
{
    const auto result = run_command(
        {.text = "cat; echo $WORD; echo complaint >&2; exit 7",
         .environment = {{"WORD", "word"}},
         .input = "line\n"});
    EXPECT_EQ(result.output, "line\nword\ncomplaint\n");
    EXPECT_EQ(result.exit_code, 7);
}

TEST(Command, input_that_nobody_reads_holds_nobody_up)
{
    EXPECT_EQ(run_command({.text = "true", .input = std::string(1'000'000, 'x')}).exit_code, 0);
}

TEST(Command, who_does_not_end_when_asked_is_made_to)
{
    EXPECT_THROW(
        run_command({.text = "trap '' TERM; while :; do sleep 0.05; done", .timeout = 50ms}),
        Error);
}
