// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/error.hpp>

#include <curl/curl.h>
#include <memory>

namespace offlineimap::imap {

struct CurlDeleter {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
using Curl = std::unique_ptr<CURL, CurlDeleter>;

struct MultiDeleter {
    void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};
using Multi = std::unique_ptr<CURLM, MultiDeleter>;

struct TextDeleter {
    void operator()(char* text) const noexcept { curl_free(text); }
};
using CurlText = std::unique_ptr<char, TextDeleter>;

inline void start_curl()
{
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (once != CURLE_OK) throw Error(Errc::internal, "start libcurl");
}

template <class Value> void set_option(CURL* handle, CURLoption option, Value value)
{
    if (curl_easy_setopt(handle, option, value) != CURLE_OK)
        throw Error(Errc::internal, "configure libcurl");
}

}  // namespace offlineimap::imap
