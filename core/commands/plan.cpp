// SPDX-License-Identifier: Apache-2.0
#include "plan.hpp"

#include "program_run.hpp"

#include "core/run/plan_book.hpp"
#include "core/run/run.hpp"

namespace offlineimap::core {

int run_plan_json(CommandLine line)
{
    line.overrides.dry_run = line.overrides.once = true;
    // What an interface prints would stand between what a program reads.
    if (*line.plan_json == "-" && !line.overrides.interface) line.overrides.interface = "quiet";
    return run_program(line, [&](const Program& program, WakeUp& wake_up) {
        PlanBook plans;
        Program with_plans = program;
        with_plans.plans = &plans;
        run_accounts(with_plans, wake_up);
        if (!program.stop.soon().requested()) write_plan(*line.plan_json, plans.take());
    });
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
