// SPDX-License-Identifier: Apache-2.0
// A plugin that does nothing. The build makes good and bad ones of it.
#include <offlineimap/ui.hpp>

#ifdef CALLS_WHAT_IS_NOWHERE
extern "C" void nowhere();
#endif

namespace {

using namespace offlineimap;

class Gen final : public Ui {
public:
    explicit Gen(Host&) { }
    void show(const Event&) noexcept override
    {
#ifdef CALLS_WHAT_IS_NOWHERE
        nowhere();
#endif
    }
};

constexpr Option options[] = {{"size", OptionType::number, "1", "how much of nothing"}};

constexpr Component components[] = {
#ifdef OTHER_TYPE
    component<Gen>("other", "does nothing", options),
#else
    component<Gen>("gen", "does nothing", options),
    component<Gen>("second", "does nothing either", options),
#endif
};

}  // namespace

OFFLINEIMAP_PLUGIN(gen, "1.0", "Apache-2.0", components)
