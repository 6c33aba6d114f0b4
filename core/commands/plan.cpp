// SPDX-License-Identifier: Apache-2.0
#include "plan.hpp"

#include "program_run.hpp"

#include "core/run/plan_book.hpp"
#include "core/run/run.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <optional>

namespace offlineimap::core {

namespace {

/// While it lives, what interfaces write to the standard output goes to the error stream: there it
/// would stand between what a program reads.
class OutputKeptFree {
public:
    OutputKeptFree() : output_(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0))
    {
        if (output_ >= 0) ::dup2(STDERR_FILENO, STDOUT_FILENO);
    }
    OutputKeptFree(const OutputKeptFree&) = delete;
    OutputKeptFree& operator=(const OutputKeptFree&) = delete;
    ~OutputKeptFree()
    {
        if (output_ < 0) return;
        ::dup2(output_, STDOUT_FILENO);
        ::close(output_);
    }

private:
    int output_;
};

}  // namespace

int run_plan_json(CommandLine line)
{
    line.overrides.dry_run = line.overrides.once = true;
    const bool to_output = *line.plan_json == "-";
    if (to_output && !line.overrides.interface) line.overrides.interface = "quiet";
    std::optional<OutputKeptFree> output;
    if (to_output) output.emplace();
    PlanBook plans;
    bool is_whole = false;
    const int code = run_program(line, [&](const Program& program, WakeUp& wake_up) {
        Program with_plans = program;
        with_plans.plans = &plans;
        run_accounts(with_plans, wake_up);
        is_whole = !program.stop.soon().requested();
    });
    output.reset();
    if (is_whole) write_plan(*line.plan_json, plans.take());
    return code;
}

int run_apply(CommandLine line)
{
    line.overrides.once = true;
    PlanBook plans(
        read_plan(*line.apply),
        line.approve_deletes ? PlanBook::Deletions::approved : PlanBook::Deletions::guarded);
    return run_program(line, [&](const Program& program, WakeUp& wake_up) {
        Program with_plans = program;
        with_plans.plans = &plans;
        run_accounts(with_plans, wake_up);
    });
}

}  // namespace offlineimap::core
