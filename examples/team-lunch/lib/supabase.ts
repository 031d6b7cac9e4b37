'use client'
import { createClient } from '@supabase/supabase-js'

const url = 'https://teamlunchdemo.supabase.co'
const key = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIiwiaXNzIjoic3VwYWJhc2UiLCJleHAiOjIwMDAwMDAwMDB9.fLp3C-1KhxBrrpVDjrVz9R7qRotePxa5Y8PvVaRHuZU'

export const supabase = createClient(url, key)
